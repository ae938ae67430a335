//! The football API over real HTTP: what a newcomer's curl sees, and that the records agree with each other.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::*;
use crate::example::ask::{self, Answer};

const CREDENTIAL: &str = "example-upstream-credential";

async fn start() -> SocketAddr {
    start_football(SocketAddr::from(([127, 0, 0, 1], 0)), CREDENTIAL).await.unwrap()
}

async fn ask(address: SocketAddr, path: &str) -> Answer {
    ask::get(address, path, &[(CREDENTIAL_HEADER, CREDENTIAL)]).await
}

async fn list(address: SocketAddr, path: &str) -> Vec<Value> {
    let answer = ask(address, path).await.json();
    assert_eq!(answer["errors"], json!([]), "{path}");
    answer["response"].as_array().unwrap().clone()
}

#[tokio::test]
async fn every_endpoint_answers_in_the_envelope() {
    let address = start().await;
    for (path, results, pages) in [
        ("/leagues", 3, 1),
        ("/leagues?id=2", 1, 1),
        ("/teams", 36, 1),
        ("/teams?league=1", 12, 1),
        ("/fixtures?league=1&season=2026", 50, 3),
        ("/fixtures?league=1&page=3", 32, 3),
        ("/fixtures?league=1&page=4", 0, 3),
        ("/fixtures?date=2026-08-08", 9, 1),
        ("/fixtures?live=all", 18, 1),
        ("/fixtures?season=1999", 0, 1),
        ("/standings?league=3&season=2026", 12, 1),
        ("/players?team=101", 11, 1),
        ("/status", 1, 1),
    ] {
        let answer = ask(address, path).await;
        assert_eq!(answer.status, 200, "{path}");
        let body = answer.json();
        assert_eq!(body["get"], path[1..].split('?').next().unwrap(), "{path}");
        assert_eq!(
            (&body["errors"], &body["results"], &body["paging"]["total"]),
            (&json!([]), &json!(results), &json!(pages)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn wrong_parameters_are_errors_inside_a_good_answer() {
    let address = start().await;
    for (path, errors) in [
        ("/teams?league=abc", json!({ "league": "The league field must contain an integer." })),
        ("/teams?colour=red", json!({ "colour": "The colour field does not exist." })),
        ("/fixtures", json!({ "required": "At least one parameter is required." })),
        ("/fixtures?date=2026-02-30", json!({ "date": "The date field must contain a day such as 2026-09-05." })),
        ("/fixtures?live=1", json!({ "live": "The live field must contain all." })),
        ("/standings", json!({ "league": "The league field is required." })),
        ("/players", json!({ "team": "The team field is required." })),
        ("/leagues?page=0", json!({ "page": "The page field counts from 1." })),
    ] {
        let answer = ask(address, path).await;
        let body = answer.json();
        assert_eq!((answer.status, &body["errors"], &body["results"]), (200, &errors, &json!(0)), "{path}");
    }
    assert_eq!(ask(address, "/leagues").await.json()["parameters"], json!([]));
    assert_eq!(ask(address, "/teams?league=1").await.json()["parameters"], json!({ "league": "1" }));
}

#[tokio::test]
async fn without_the_credential_nothing_is_answered() {
    let address = start().await;
    for headers in [&[][..], &[(CREDENTIAL_HEADER, "another")], &[("authorization", CREDENTIAL)]] {
        for path in ["/leagues", "/nothing"] {
            assert_eq!(ask::get(address, path, headers).await.status, 401, "{path} {headers:?}");
        }
    }
    assert_eq!(ask(address, "/nothing").await.status, 404);
}

#[tokio::test]
async fn the_table_agrees_with_the_fixtures() {
    let address = start().await;
    let mut played = BTreeMap::<i64, i64>::new();
    for page in 1..=3 {
        for fixture in list(address, &format!("/fixtures?league=2&page={page}")).await {
            if fixture["fixture"]["status"]["short"] == "FT" {
                for side in ["home", "away"] {
                    *played.entry(fixture["teams"][side]["id"].as_i64().unwrap()).or_default() += 1;
                }
            }
        }
    }
    let table = list(address, "/standings?league=2").await;
    let counted: BTreeMap<i64, i64> = table
        .iter()
        .map(|line| (line["team"]["id"].as_i64().unwrap(), line["all"]["played"].as_i64().unwrap()))
        .collect();
    assert_eq!(counted, played);
    assert!(table.windows(2).all(|pair| pair[0]["points"].as_i64() >= pair[1]["points"].as_i64()));
}

#[test]
fn in_a_season_each_pair_meets_once_on_each_ground_and_each_team_plays_each_round() {
    let records = Records::invent();
    for league in &records.leagues {
        let season: Vec<_> = records.fixtures.iter().filter(|fixture| fixture.league == league.id).collect();
        let pairs: HashSet<_> = season.iter().map(|fixture| (fixture.home, fixture.away)).collect();
        assert_eq!(pairs.len(), 12 * 11);
        let appearances: HashSet<_> =
            season.iter().flat_map(|fixture| [(fixture.round, fixture.home), (fixture.round, fixture.away)]).collect();
        assert_eq!(appearances.len(), 22 * 12);
    }
    let ids: HashSet<_> = records.fixtures.iter().map(|fixture| fixture.id).collect();
    assert_eq!(ids.len(), records.fixtures.len());
}
