//! Snippets: programs that call with a value, ready to be pasted.

use domain::key::Key;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::ApiFace;

/// A program that calls with a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Snippet {
    /// What it calls, and with what: `Football, curl`.
    pub title: String,
    /// What it is written in: `shell`, `javascript` or `python`.
    pub language: &'static str,
    /// The program.
    pub code: String,
}

/// Programs for each API that the key opens.
pub fn all(apis: &[ApiFace], key: &Key, value: &str) -> Vec<Snippet> {
    let opened = apis.iter().filter(|api| key.apis.is_empty() || key.apis.iter().any(|name| name.as_str() == api.name));
    opened.flat_map(|api| of_api(api, key, value)).collect()
}

fn of_api(api: &ApiFace, key: &Key, value: &str) -> Vec<Snippet> {
    let opens = |name: &String| key.networks.is_empty() || key.networks.iter().any(|network| network.as_str() == name);
    let place = api.networks.iter().position(opens).unwrap_or(0);
    let Some(base) = api.base_urls.get(place).or(api.base_urls.first()) else { return Vec::new() };
    let url = base.replace("{key}", value);
    let header = api.key_header.as_ref().filter(|_| !base.contains("{key}"));
    let programs = if api.protocol == "rest" {
        rest(&format!("{url}{}", api.example), header.map(|name| (name.as_str(), value)))
    } else {
        json_rpc(&url, header.map(|name| (name.as_str(), value)), &api.example)
    };
    let named = |(language, name, code): (&'static str, &str, String)| Snippet {
        title: format!("{}, {name}", api.title),
        language,
        code,
    };
    programs.into_iter().map(named).collect()
}

type Program = (&'static str, &'static str, String);

fn rest(url: &str, header: Option<(&str, &str)>) -> Vec<Program> {
    let curl = header.map(|(name, value)| format!("-H '{name}: {value}' ")).unwrap_or_default();
    let fetch = header.map(|(name, value)| format!(", {{ headers: {{ '{name}': '{value}' }} }}")).unwrap_or_default();
    let python = header.map(|(name, value)| format!(", headers={{\"{name}\": \"{value}\"}}")).unwrap_or_default();
    vec![
        ("shell", "curl", format!("curl {curl}'{url}'")),
        (
            "javascript",
            "JavaScript",
            format!("const answer = await fetch('{url}'{fetch});\nconsole.log(await answer.json());"),
        ),
        (
            "python",
            "Python",
            format!("import requests\n\nanswer = requests.get(\"{url}\"{python})\nprint(answer.json())"),
        ),
    ]
}

fn json_rpc(url: &str, header: Option<(&str, &str)>, method: &str) -> Vec<Program> {
    let curl = header.map(|(name, value)| format!(" -H '{name}: {value}'")).unwrap_or_default();
    let fetch = header.map(|(name, value)| format!(", '{name}': '{value}'")).unwrap_or_default();
    let python = header.map(|(name, value)| format!(", headers={{\"{name}\": \"{value}\"}}")).unwrap_or_default();
    let call = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":[]}}"#);
    vec![
        ("shell", "curl", format!("curl -H 'content-type: application/json'{curl} -d '{call}' '{url}'")),
        (
            "javascript",
            "JavaScript",
            format!(
                "const answer = await fetch('{url}', {{\n  method: 'POST',\n  headers: {{ 'content-type': 'application/json'{fetch} }},\n  \
                 body: JSON.stringify({{ jsonrpc: '2.0', id: 1, method: '{method}', params: [] }}),\n}});\nconsole.log(await answer.json());"
            ),
        ),
        (
            "python",
            "Python",
            format!(
                "import requests\n\ncall = {{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"{method}\", \"params\": []}}\n\
                 answer = requests.post(\"{url}\", json=call{python})\nprint(answer.json())"
            ),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(protocol: &'static str, base: &str, header: Option<&str>) -> ApiFace {
        ApiFace {
            name: "football".into(),
            title: "Football".into(),
            protocol,
            networks: Vec::new(),
            base_urls: vec![base.into()],
            host: None,
            key_header: header.map(str::to_owned),
            example: if protocol == "rest" { "/leagues".into() } else { "eth_blockNumber".into() },
        }
    }

    #[test]
    fn the_value_stands_where_the_api_takes_it() {
        let cases = [
            (
                api("rest", "https://g/football", Some("x-api-key")),
                "curl -H 'x-api-key: kw_1' 'https://g/football/leagues'",
            ),
            (api("rest", "https://g/football/{key}", Some("x-api-key")), "curl 'https://g/football/kw_1/leagues'"),
            (
                api("json-rpc", "https://g/node/{key}", None),
                "curl -H 'content-type: application/json' -d '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_blockNumber\",\"params\":[]}' 'https://g/node/kw_1'",
            ),
        ];
        for (api, expected) in cases {
            let base = api.base_urls[0].replace("{key}", "kw_1");
            let header = api.key_header.as_deref().filter(|_| !api.base_urls[0].contains("{key}"));
            let header = header.map(|name| (name, "kw_1"));
            let programs = match api.protocol {
                "rest" => rest(&format!("{base}{}", api.example), header),
                _ => json_rpc(&base, header, &api.example),
            };
            assert_eq!(programs[0].2, expected);
            assert!(programs.iter().all(|(_, _, code)| code.contains("kw_1")));
        }
    }
}
