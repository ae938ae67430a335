//! Query parameters, and what is wrong with them: texts keyed by the parameter's name, as such APIs answer.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The parameters of a request, each once; of a repeated one the last counts.
pub struct Parameters(BTreeMap<String, String>);

/// Texts by parameter.
#[derive(Debug, Default)]
pub struct WrongParameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads a query as it stands in the URL. Nothing is decoded: no value that is right here has a `%` or a `+`.
    pub fn read(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// Refuses names that the endpoint does not know; `page` goes everywhere.
    pub fn check(&self, known: &[&str]) -> Result<(), WrongParameters> {
        let unknown = self.0.keys().filter(|name| *name != "page" && !known.contains(&name.as_str()));
        let wrong: BTreeMap<String, String> =
            unknown.map(|name| (name.clone(), format!("The {name} field does not exist."))).collect();
        if wrong.is_empty() { Ok(()) } else { Err(WrongParameters(wrong)) }
    }

    /// The value, if the parameter is there.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value as a whole number, if the parameter is there.
    pub fn number(&self, name: &str) -> Result<Option<u32>, WrongParameters> {
        let wrong = |_| WrongParameters::one(name, &format!("The {name} field must contain an integer."));
        self.text(name).map(|text| text.parse().map_err(wrong)).transpose()
    }

    /// The value as a whole number, or the text that it is required.
    pub fn required(&self, name: &str) -> Result<u32, WrongParameters> {
        self.number(name)?.ok_or_else(|| WrongParameters::one(name, &format!("The {name} field is required.")))
    }

    /// The value as a day such as 2026-09-05, if the parameter is there.
    pub fn day(&self, name: &str) -> Result<Option<&str>, WrongParameters> {
        let shaped = |text: &str| {
            let format = time::macros::format_description!("[year]-[month]-[day]");
            time::Date::parse(text, &format).is_ok()
        };
        match self.text(name) {
            Some(text) if !shaped(text) => {
                Err(WrongParameters::one(name, &format!("The {name} field must contain a day such as 2026-09-05.")))
            }
            text => Ok(text),
        }
    }

    /// Which page is wanted, from 1.
    pub fn page(&self) -> Result<usize, WrongParameters> {
        match self.number("page")? {
            Some(0) => Err(WrongParameters::one("page", "The page field counts from 1.")),
            page => Ok(page.unwrap_or(1) as usize),
        }
    }

    /// Whether nothing was asked for in particular.
    pub fn is_empty(&self) -> bool {
        self.0.keys().all(|name| name == "page")
    }

    /// As the envelope repeats them: an object, or an empty array where there are none.
    pub fn into_value(self) -> Value {
        object_or_empty_array(self.0)
    }
}

impl WrongParameters {
    /// One text.
    pub fn one(name: &str, text: &str) -> Self {
        Self(BTreeMap::from([(name.to_owned(), text.to_owned())]))
    }

    /// As the envelope shows them.
    pub fn into_value(self) -> Value {
        object_or_empty_array(self.0)
    }
}

fn object_or_empty_array(pairs: BTreeMap<String, String>) -> Value {
    if pairs.is_empty() {
        return json!([]);
    }
    Value::Object(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect::<Map<_, _>>())
}
