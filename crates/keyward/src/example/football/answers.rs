//! The endpoints of the football API: what each finds, in the shape it is shown.

use serde_json::{Value, json};

use super::Found;
use super::parameters::{Parameters, WrongParameters};
use super::records::{Fixture, Records, SEASON, Stage, Team};

type Answer = Result<Found, WrongParameters>;

/// Leagues, each with its country and season.
pub fn leagues(records: &Records, parameters: &Parameters) -> Answer {
    let (id, season) = (parameters.number("id")?, parameters.number("season")?);
    let found = records.leagues.iter().filter(|league| fits(id, league.id) && fits(season, SEASON));
    let shown = found.map(|league| {
        json!({
            "league": { "id": league.id, "name": league.name, "type": "League" },
            "country": { "name": league.country, "code": league.country_code },
            "seasons": [{ "year": SEASON, "current": true }],
        })
    });
    Ok(Found::List(shown.collect()))
}

/// Teams with their grounds.
pub fn teams(records: &Records, parameters: &Parameters) -> Answer {
    let (id, league) = (parameters.number("id")?, parameters.number("league")?);
    let found = records.teams.iter().filter(|team| fits(id, team.id) && fits(league, team.league));
    let shown = found.map(|team| {
        let country = records.league(team.league).map(|league| league.country);
        json!({
            "team": { "id": team.id, "name": team.name, "country": country, "founded": team.founded },
            "venue": { "name": team.ground, "city": team.city, "capacity": team.capacity },
        })
    });
    Ok(Found::List(shown.collect()))
}

/// Fixtures by league, day, team or id, or those being played: `live=all`.
pub fn fixtures(records: &Records, parameters: &Parameters) -> Answer {
    if parameters.is_empty() {
        return Err(WrongParameters::one("required", "At least one parameter is required."));
    }
    let (id, league) = (parameters.number("id")?, parameters.number("league")?);
    let (season, team) = (parameters.number("season")?, parameters.number("team")?);
    let day = parameters.day("date")?;
    let live = parameters.text("live");
    if live.is_some_and(|live| live != "all") {
        return Err(WrongParameters::one("live", "The live field must contain all."));
    }
    let found = records.fixtures.iter().filter(|fixture| {
        fits(id, fixture.id)
            && fits(league, fixture.league)
            && fits(season, SEASON)
            && team.is_none_or(|team| fixture.home == team || fixture.away == team)
            && day.is_none_or(|day| fixture.day.to_string() == day)
            && (live.is_none() || matches!(fixture.stage, Stage::Live(_)))
    });
    Ok(Found::List(found.map(|fixture| show_fixture(records, fixture)).collect()))
}

/// The table of a league after the finished fixtures.
pub fn standings(records: &Records, parameters: &Parameters) -> Answer {
    let league = parameters.required("league")?;
    if !fits(parameters.number("season")?, SEASON) {
        return Ok(Found::List(Vec::new()));
    }
    let mut table: Vec<Standing> =
        records.teams.iter().filter(|team| team.league == league).map(Standing::of).collect();
    for fixture in records.fixtures.iter().filter(|fixture| fixture.stage == Stage::Finished) {
        if let Some((home, away)) = fixture.goals {
            for standing in &mut table {
                standing.count(fixture.home, home, away);
                standing.count(fixture.away, away, home);
            }
        }
    }
    table.sort_by_key(|standing| (-standing.points(), -standing.difference(), standing.team.id));
    let shown = table.iter().enumerate().map(|(index, standing)| standing.show(index + 1));
    Ok(Found::List(shown.collect()))
}

/// Players of a team, or one by id.
pub fn players(records: &Records, parameters: &Parameters) -> Answer {
    let id = parameters.number("id")?;
    let team = if id.is_some() { parameters.number("team")? } else { Some(parameters.required("team")?) };
    let found = records.players.iter().filter(|player| fits(id, player.id) && fits(team, player.team));
    let shown = found.map(|player| {
        json!({
            "player": { "id": player.id, "name": player.name, "age": player.age },
            "statistics": [{
                "team": { "id": player.team, "name": name_of(records, player.team) },
                "games": { "number": player.number, "position": player.position },
            }],
        })
    });
    Ok(Found::List(shown.collect()))
}

/// What the upstream says of the subscription that the gateway shares.
pub fn status(records: &Records, _: &Parameters) -> Answer {
    Ok(Found::Object(json!({
        "subscription": { "plan": "Example", "active": true },
        "records": {
            "leagues": records.leagues.len(),
            "teams": records.teams.len(),
            "players": records.players.len(),
            "fixtures": records.fixtures.len(),
        },
    })))
}

fn fits(wanted: Option<u32>, found: u32) -> bool {
    wanted.is_none_or(|wanted| wanted == found)
}

fn name_of(records: &Records, team: u32) -> Option<&str> {
    records.team(team).map(|team| team.name.as_str())
}

fn show_fixture(records: &Records, fixture: &Fixture) -> Value {
    let (long, short, elapsed) = match fixture.stage {
        Stage::NotStarted => ("Not Started", "NS", None),
        Stage::Live(minutes) if minutes <= 45 => ("First Half", "1H", Some(minutes)),
        Stage::Live(minutes) => ("Second Half", "2H", Some(minutes)),
        Stage::Finished => ("Match Finished", "FT", Some(90)),
    };
    json!({
        "fixture": {
            "id": fixture.id,
            "date": format!("{}T15:00:00+00:00", fixture.day),
            "venue": records.team(fixture.home).map(|team| team.ground.as_str()),
            "status": { "long": long, "short": short, "elapsed": elapsed },
        },
        "league": {
            "id": fixture.league,
            "name": records.league(fixture.league).map(|league| league.name),
            "season": SEASON,
            "round": format!("Regular Season - {}", fixture.round),
        },
        "teams": {
            "home": { "id": fixture.home, "name": name_of(records, fixture.home) },
            "away": { "id": fixture.away, "name": name_of(records, fixture.away) },
        },
        "goals": { "home": fixture.goals.map(|goals| goals.0), "away": fixture.goals.map(|goals| goals.1) },
    })
}

/// A line of the table.
struct Standing<'a> {
    team: &'a Team,
    won: i32,
    drawn: i32,
    lost: i32,
    scored: i32,
    conceded: i32,
}

impl<'a> Standing<'a> {
    fn of(team: &'a Team) -> Self {
        Self { team, won: 0, drawn: 0, lost: 0, scored: 0, conceded: 0 }
    }

    fn count(&mut self, team: u32, scored: u32, conceded: u32) {
        if self.team.id != team {
            return;
        }
        match scored.cmp(&conceded) {
            std::cmp::Ordering::Greater => self.won += 1,
            std::cmp::Ordering::Equal => self.drawn += 1,
            std::cmp::Ordering::Less => self.lost += 1,
        }
        self.scored += scored as i32;
        self.conceded += conceded as i32;
    }

    fn points(&self) -> i32 {
        3 * self.won + self.drawn
    }

    fn difference(&self) -> i32 {
        self.scored - self.conceded
    }

    fn show(&self, rank: usize) -> Value {
        json!({
            "rank": rank,
            "team": { "id": self.team.id, "name": self.team.name },
            "points": self.points(),
            "goalsDiff": self.difference(),
            "all": {
                "played": self.won + self.drawn + self.lost,
                "win": self.won,
                "draw": self.drawn,
                "lose": self.lost,
                "goals": { "for": self.scored, "against": self.conceded },
            },
        })
    }
}
