//! Every list of the REST API, as different people ask for it in an account with many members and keys: how many rows its queries look
//! at (`examined.rs`), and how long it takes (`speed.rs`, for people).

use std::collections::BTreeSet;

use self::crowd::Crowd;

mod crowd;
// What watches queries is not there in a release build.
#[cfg(debug_assertions)]
mod examined;
mod speed;

/// Members of the whole crowd; it has ten times as many keys.
const ALL: usize = 10_000;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// Who owns the account, and sees all of it.
    Owner,
    /// A member, who sees what is theirs or granted to them.
    Member,
    /// Who runs the installation.
    Operator,
}

use Asks::{Member, Operator, Owner};

/// A list, as somebody asks for it.
struct List {
    /// Its path in the description.
    path: &'static str,
    asks: Asks,
    query: &'static str,
    /// The field of the answer that has the rows.
    rows: &'static str,
    /// How many these are at least.
    at_least: usize,
    /// Whether a row tells how many accounts are under a plan: they are counted each time.
    sums: bool,
}

const fn list(path: &'static str, asks: Asks, query: &'static str, rows: &'static str, at_least: usize) -> List {
    List { path, asks, query, rows, at_least, sums: false }
}

impl List {
    const fn with_sums(self) -> List {
        List { sums: true, ..self }
    }
}

const LISTS: &[List] = &[
    list("/sessions", Owner, "", "sessions", 1),
    list("/access-tokens", Owner, "", "access_tokens", 0),
    list("/accounts/{account}/members", Owner, "limit=64", "members", 64),
    list("/accounts/{account}/members", Owner, "limit=64&after={middle}", "members", 64),
    list("/accounts/{account}/members", Owner, "limit=64&removed=true", "members", 64),
    list("/accounts/{account}/keys", Owner, "limit=64", "keys", 64),
    list("/accounts/{account}/keys", Owner, "limit=64&revoked=true", "keys", 64),
    list("/accounts/{account}/keys", Owner, "limit=64&environment=Staging", "keys", 64),
    list("/accounts/{account}/keys", Owner, "limit=64&status=active", "keys", 64),
    list("/accounts/{account}/keys", Owner, "limit=64&status=disabled", "keys", 64),
    list("/accounts/{account}/keys", Owner, "limit=64&status=expires_soon", "keys", 64),
    list("/accounts/{account}/keys", Owner, "limit=64&status=expired", "keys", 64),
    list("/accounts/{account}/keys", Owner, "limit=64&status=revoked", "keys", 64),
    list("/accounts/{account}/keys", Owner, "limit=64&metadata=team%3DTeam%207", "keys", 2),
    list("/accounts/{account}/keys", Owner, "limit=64&holder={holder}", "keys", 1),
    list("/accounts/{account}/keys", Member, "limit=64", "keys", 64),
    list("/accounts/{account}/keys/{key}/versions", Owner, "", "versions", 0),
    list("/accounts/{account}/keys/{key}/values/replaced", Owner, "", "values", 0),
    list("/accounts/{account}/roles", Owner, "", "roles", 5),
    list("/accounts/{account}/keys/{key}/roles", Owner, "", "roles", 2),
    list("/accounts/{account}/keys/{key}/teamwork", Owner, "limit=64", "members", 64),
    list("/accounts/{account}/keys/{key}/teamwork", Owner, "limit=32&after={on_key}", "members", 32),
    list("/accounts/{account}/requests", Owner, "limit=64", "requests", 64),
    list("/accounts/{account}/requests", Owner, "limit=64&key={called}", "requests", 1),
    list("/accounts/{account}/requests", Owner, "limit=64&member={middle}", "requests", 0),
    list("/accounts/{account}/requests", Member, "limit=64", "requests", 0),
    list("/accounts/{account}/audit", Owner, "limit=64", "changes", 64),
    list("/accounts/{account}/audit", Owner, "limit=64&action=key.create", "changes", 64),
    list("/accounts/{account}/audit", Owner, "limit=64&by=operator", "changes", 64),
    list("/accounts/{account}/audit", Owner, "limit=64&subject={holder}", "changes", 1),
    list("/accounts/{account}/audit", Member, "limit=64", "changes", 0),
    list("/operator/accounts", Operator, "limit=64", "accounts", 64),
    list("/operator/plans", Operator, "", "plans", 1).with_sums(),
    list("/operator/accounts/{account}/extra-units", Operator, "", "extra_units", 0),
    list("/operator/accounts/{account}/requests", Operator, "limit=64", "requests", 64),
    list("/operator/audit", Operator, "limit=64", "changes", 64),
    list("/operator/audit", Operator, "limit=64&account={account}", "changes", 64),
    list("/operator/outbox", Operator, "", "mails", 0),
];

/// What answers with one thing, or with all rows as they come: no page of a list.
const NO_PAGES: &[&str] = &[
    "/instance",
    "/me",
    "/me/second-factor",
    "/accounts/{account}",
    "/accounts/{account}/second-factor",
    "/accounts/{account}/ownership",
    "/accounts/{account}/members/{member}",
    "/accounts/{account}/keys/{key}",
    "/accounts/{account}/keys/{key}/versions/{version}",
    "/accounts/{account}/keys/{key}/limits",
    "/accounts/{account}/keys/{key}/allowlists",
    "/accounts/{account}/allowlists",
    "/accounts/{account}/leaks",
    "/accounts/{account}/requests/{request}",
    "/accounts/{account}/stats",
    "/accounts/{account}/audit/{format}",
    "/operator/accounts/{account}",
    "/operator/audit/{format}",
];

#[test]
fn every_list_is_in_the_table() {
    let description = serde_json::to_value(control::description()).expect("plain values");
    let paths = description["paths"].as_object().expect("paths").iter();
    let read = paths.filter(|(_, item)| item["get"].is_object()).map(|(path, _)| path.trim_start_matches("/api/v1"));
    let known: BTreeSet<&str> = LISTS.iter().map(|list| list.path).chain(NO_PAGES.iter().copied()).collect();
    assert_eq!(read.collect::<BTreeSet<_>>(), known, "each GET is a list in LISTS, or none in NO_PAGES");
}

/// How many members: the whole ten thousand where there is time.
fn members() -> usize {
    if std::env::var("KEYWARD_TIER").is_ok_and(|tier| tier != "small") { ALL } else { ALL / 10 }
}

impl List {
    /// Below `/api/v1`, with ids of the crowd.
    fn path_in(&self, crowd: &Crowd) -> String {
        let path = if self.query.is_empty() { self.path.to_owned() } else { format!("{}?{}", self.path, self.query) };
        path.replace("{account}", &crowd.team.account.to_string())
            .replace("{called}", &crowd.called.to_string())
            .replace("{key}", &crowd.busy.to_string())
            .replace("{middle}", &crowd.middle.to_string())
            .replace("{holder}", &crowd.middle.to_string())
            .replace("{on_key}", &crowd.on_busy.to_string())
    }

    fn cookie<'a>(&self, crowd: &'a Crowd) -> &'a str {
        match self.asks {
            Owner => &crowd.team.owner.cookie,
            Member => &crowd.team.member.cookie,
            Operator => &crowd.operator.cookie,
        }
    }
}
