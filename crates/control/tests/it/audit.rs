//! The audit trail: filtered, paged, and taken away as a file.

use serde_json::{Value, json};

use crate::world::{Answer, Team, World};

/// A team whose owner made a key with a dangerous name, and suspended and activated a member.
async fn world() -> (World, Team) {
    let world = World::start().await;
    let team = world.team("north").await;
    let owner = Some(team.owner.cookie.as_str());
    let asked = json!({ "name": "=cmd|' /C calc'!A0", "environment": "Production", "sharing": "shared" });
    let made = world.call("POST", &format!("/accounts/{}/keys", team.account), owner, Some(asked)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    for verb in ["suspend", "activate"] {
        let path = format!("/accounts/{}/members/{}/{verb}", team.account, team.member.member);
        assert_eq!(world.call("POST", &path, owner, None).await.status, 200);
    }
    (world, team)
}

fn actions(answer: &Answer) -> Vec<&str> {
    let changes = answer.body["changes"].as_array().unwrap_or_else(|| panic!("a page: {}", answer.body));
    changes.iter().map(|change| change["action"].as_str().expect("an action")).collect()
}

#[tokio::test]
async fn the_trail_is_filtered_by_who_what_to_what_and_when() {
    let (world, team) = world().await;
    let path = |query: &str| format!("/accounts/{}/audit{query}", team.account);
    let get = async |query: &str| world.call("GET", &path(query), Some(&team.owner.cookie), None).await;
    let all = ["member.activate", "member.suspend", "key.create"];
    let owner = team.owner.member.to_string();
    let cases: [(String, &[&str]); 9] = [
        (String::new(), &all),
        (format!("?by={owner}"), &all),
        (format!("?by={}", team.member.member), &[]),
        ("?by=operator".to_owned(), &[]),
        ("?action=member".to_owned(), &all[..2]),
        ("?action=key.create".to_owned(), &all[2..]),
        (format!("?subject={}", team.member.member), &all[..2]),
        ("?since=2999-01-01T00:00:00Z".to_owned(), &[]),
        ("?until=2999-01-01T00:00:00Z&limit=1".to_owned(), &all[..1]),
    ];
    for (query, expected) in cases {
        assert_eq!(actions(&get(&query).await), expected, "{query}");
    }
    let first = get("?limit=2").await;
    let rest = get(&format!("?limit=2&before={}", first.body["next"].as_str().expect("more"))).await;
    assert_eq!([actions(&first), actions(&rest)].concat(), all);
    for wrong in ["?by=ada", "?since=yesterday", "?action=%27", "?limit=0", "?before=x", "?colour=red"] {
        assert_eq!(get(wrong).await.status, 422, "{wrong}");
    }
    let own = world.call("GET", &path(""), Some(&team.member.cookie), None).await;
    assert_eq!(actions(&own), [""; 0], "a member sees what they did themselves");
}

#[tokio::test]
async fn the_trail_is_taken_away_as_a_table_and_as_lines() {
    let (world, team) = world().await;
    let path = |format: &str| format!("/accounts/{}/audit/{format}", team.account);
    let get = async |format: &str| world.call("GET", &path(format), Some(&team.owner.cookie), None).await;
    let csv = get("csv").await;
    let text = String::from_utf8(csv.bytes.to_vec()).expect("UTF-8");
    assert!(csv.headers["content-type"].to_str().expect("ASCII").starts_with("text/csv"));
    assert!(csv.headers["content-disposition"].to_str().expect("ASCII").contains("audit.csv"));
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 4, "a head and three changes: {text}");
    assert!(lines[0].starts_with("time,name,by_operator,"));
    assert!(lines[3].contains(",'=cmd|' /C calc'!A0,"), "no table takes it for a formula: {}", lines[3]);
    let jsonl = get("jsonl").await;
    let rows: Vec<Value> =
        jsonl.bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!((rows.len(), &rows[2]["subject_name"]), (3, &json!("=cmd|' /C calc'!A0")));
    assert_eq!(
        world
            .call("GET", &path("jsonl?action=key"), Some(&team.owner.cookie), None)
            .await
            .bytes
            .iter()
            .filter(|b| **b == b'\n')
            .count(),
        1
    );
    assert_eq!(get("xlsx").await.status, 404);
}

#[tokio::test]
async fn operators_have_a_trail_of_their_own_with_names() {
    let (world, team) = world().await;
    let other = world.team("south").await;
    world.make_operator(&other.admin).await;
    let suspend = format!("/operator/accounts/{}/suspend", team.account);
    assert_eq!(world.call("POST", &suspend, Some(&other.admin.cookie), Some(json!({}))).await.status, 200);
    let trail = world.call("GET", "/operator/audit", Some(&other.admin.cookie), None).await;
    assert_eq!(actions(&trail), ["account.suspend"]);
    let row = &trail.body["changes"][0];
    assert_eq!((&row["name"], &row["account_id"]), (&json!("Adam"), &json!(team.account.to_string())));
    assert!(row["address"].is_string());
    let of = async |id: String| {
        world.call("GET", &format!("/operator/audit?account={id}"), Some(&other.admin.cookie), None).await
    };
    assert_eq!(actions(&of(other.account.to_string()).await), [""; 0]);
    assert_eq!(actions(&of(team.account.to_string()).await), ["account.suspend"]);
    let seen = world.call("GET", &format!("/accounts/{}/audit", team.account), Some(&team.owner.cookie), None).await;
    let row = &seen.body["changes"][0];
    assert_eq!((&row["name"], &row["address"]), (&json!("Operator"), &Value::Null));
    let file = world.call("GET", "/operator/audit/csv", Some(&other.admin.cookie), None).await;
    assert_eq!((file.status, String::from_utf8_lossy(&file.bytes).contains("account.suspend")), (200, true));
}
