//! The invented world of the football API: leagues, their teams, players, and one season of fixtures, half played.

use time::{Date, Duration, macros::date};

use crate::example::dice;

/// The one season there is.
pub const SEASON: u32 = 2026;

/// Teams of a league; even, so that all play in each round.
const TEAMS: u32 = 12;
const PLAYERS: u32 = 11;
const FIRST_ROUND: Date = date!(2026 - 08 - 08);
/// Every fixture before this round is over, those of this round are being played.
const LIVE_ROUND: u32 = 9;

const LEAGUES: [(&str, &str, &str); 3] =
    [("Harbour League", "Ostravia", "OS"), ("Highland Division", "Ostravia", "OS"), ("Copper Cup", "Merrowland", "ME")];
const PLACES: [&str; 36] = [
    "Aldermoor",
    "Birchhaven",
    "Cinderford Vale",
    "Dunmarrow",
    "Elmscar",
    "Fallowmere",
    "Garrowdale",
    "Hollowick",
    "Ironbeck",
    "Juniper Cross",
    "Kestrel Bay",
    "Larkholm",
    "Mossgate",
    "Netherby Sands",
    "Oakenshore",
    "Pellwater",
    "Quillham",
    "Ravensmoor",
    "Saltmere",
    "Thistledon",
    "Umberfield",
    "Vexley",
    "Wrenbrook",
    "Yarrowgate",
    "Zephyr Hill",
    "Ambergate Quay",
    "Bramblehurst",
    "Corrinmouth",
    "Driftholm",
    "Everloch",
    "Foxglen",
    "Gorsefield",
    "Hearthstow",
    "Inkwell Green",
    "Jadeport",
    "Knottingmere",
];
const CLUBS: [&str; 6] = ["Rovers", "Athletic", "Wanderers", "United", "Rangers", "City"];
const GROUNDS: [&str; 5] = ["Park", "Road", "Meadow", "Arena", "Lane"];
const GIVEN_NAMES: [&str; 16] = [
    "Adan", "Bero", "Calix", "Dario", "Emric", "Finn", "Goran", "Hale", "Ivo", "Jory", "Kato", "Levin", "Milo", "Nico",
    "Oren", "Piet",
];
const FAMILY_NAMES: [&str; 20] = [
    "Arkwell",
    "Brandish",
    "Corvane",
    "Dellamor",
    "Estwick",
    "Farrowby",
    "Gallant",
    "Hexford",
    "Ilverton-Vey",
    "Jarrick",
    "Kellbrand",
    "Lorrimer",
    "Marrowick",
    "Norvane",
    "Ostrander",
    "Pellow",
    "Quennick",
    "Rosk",
    "Sandeval",
    "Tormund-Hay",
];

/// A league; all belong to the one season.
pub struct League {
    pub id: u32,
    pub name: &'static str,
    pub country: &'static str,
    pub country_code: &'static str,
}

/// A team, in one league, with its ground.
pub struct Team {
    pub id: u32,
    pub league: u32,
    pub name: String,
    pub city: &'static str,
    pub ground: String,
    pub founded: u32,
    /// Spectators.
    pub capacity: u32,
}

/// A player of one team.
pub struct Player {
    pub id: u32,
    pub team: u32,
    pub name: String,
    pub age: u32,
    pub number: u32,
    pub position: &'static str,
}

/// How far a fixture is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Its day has not come.
    NotStarted,
    /// Minutes played.
    Live(u32),
    /// The goals stand.
    Finished,
}

/// Two teams on a day.
pub struct Fixture {
    pub id: u32,
    pub league: u32,
    /// From 1.
    pub round: u32,
    pub day: Date,
    /// The team on its own ground.
    pub home: u32,
    /// The team that visits it.
    pub away: u32,
    pub stage: Stage,
    /// Home and away; none before the start.
    pub goals: Option<(u32, u32)>,
}

/// Everything there is.
pub struct Records {
    pub leagues: Vec<League>,
    pub teams: Vec<Team>,
    pub players: Vec<Player>,
    pub fixtures: Vec<Fixture>,
}

impl Records {
    /// Invents everything, the same each time.
    pub fn invent() -> Self {
        let league = |(index, (name, country, country_code)): (usize, &(&'static str, &'static str, &'static str))| {
            League { id: index as u32 + 1, name, country, country_code }
        };
        let leagues: Vec<League> = LEAGUES.iter().enumerate().map(league).collect();
        let teams: Vec<Team> = (0..TEAMS * leagues.len() as u32).map(team).collect();
        let players = teams.iter().flat_map(|team| (0..PLAYERS).map(|number| player(team.id, number))).collect();
        let fixtures = leagues.iter().flat_map(|league| season(league.id)).collect();
        Self { leagues, teams, players, fixtures }
    }

    /// The league of this id.
    pub fn league(&self, id: u32) -> Option<&League> {
        self.leagues.iter().find(|league| league.id == id)
    }

    /// The team of this id.
    pub fn team(&self, id: u32) -> Option<&Team> {
        self.teams.iter().find(|team| team.id == id)
    }
}

fn team(index: u32) -> Team {
    let city = PLACES[index as usize % PLACES.len()];
    let roll = |topic, sides| dice::below(topic, u64::from(index), sides) as u32;
    Team {
        id: 101 + index,
        league: 1 + index / TEAMS,
        name: format!("{city} {}", dice::pick(1, u64::from(index), &CLUBS)),
        city,
        ground: format!("{city} {}", dice::pick(2, u64::from(index), &GROUNDS)),
        founded: 1878 + roll(3, 100),
        capacity: 4_000 + 500 * roll(4, 60),
    }
}

fn player(team: u32, number: u32) -> Player {
    let id = 10_000 + (team - 101) * PLAYERS + number;
    let index = u64::from(id);
    let position = match number {
        0 => "Goalkeeper",
        1..=4 => "Defender",
        5..=7 => "Midfielder",
        _ => "Attacker",
    };
    let name = format!("{} {}", dice::pick(5, index, &GIVEN_NAMES), dice::pick(6, index, &FAMILY_NAMES));
    Player { id, team, name, age: 17 + dice::below(7, index, 20) as u32, number: number + 1, position }
}

/// Everyone at home and away against everyone, one round a week. The circle method: one team stands still, the others
/// move on by one place each round.
fn season(league: u32) -> Vec<Fixture> {
    let rounds = TEAMS - 1;
    let first_team = 101 + (league - 1) * TEAMS;
    let mut fixtures = Vec::new();
    for round in 0..2 * rounds {
        for pair in 0..TEAMS / 2 {
            let moving = |place: u32| (round % rounds + place) % rounds;
            let one = if pair == 0 { rounds } else { moving(rounds - pair) };
            let (one, other) = (first_team + one, first_team + moving(pair));
            let (home, away) =
                if (round % rounds + pair + round / rounds).is_multiple_of(2) { (one, other) } else { (other, one) };
            let id = 500_000 + league * 1_000 + round * TEAMS / 2 + pair;
            let (stage, goals) = score(id, round + 1);
            let day = FIRST_ROUND + Duration::weeks(i64::from(round)) + Duration::days(i64::from(pair % 2));
            fixtures.push(Fixture { id, league, round: round + 1, day, home, away, stage, goals });
        }
    }
    fixtures
}

fn score(fixture: u32, round: u32) -> (Stage, Option<(u32, u32)>) {
    let index = u64::from(fixture);
    let goals = |topic| dice::below(topic, index, 12).saturating_sub(5).min(4) as u32;
    let stage = match round.cmp(&LIVE_ROUND) {
        std::cmp::Ordering::Less => Stage::Finished,
        std::cmp::Ordering::Equal => Stage::Live(1 + dice::below(8, index, 90) as u32),
        std::cmp::Ordering::Greater => return (Stage::NotStarted, None),
    };
    (stage, Some((goals(9), goals(10))))
}
