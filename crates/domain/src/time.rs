//! Moments and windows. Nothing here reads a clock: `Clock` is handed in by whoever runs the program.

use std::{fmt, str::FromStr};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A moment in UTC, in microseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Timestamp(i64);

/// One microsecond is the unit of every duration here.
pub const SECOND: i64 = 1_000_000;
/// A day without leap seconds, in microseconds.
pub const DAY: i64 = 86_400 * SECOND;

impl Timestamp {
    /// The end of windows that never end: 9999-12-31, the last day that RFC 3339 can write.
    pub const FAR: Timestamp = Timestamp(253_402_214_400 * SECOND);

    /// The moment so many microseconds after 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This moment moved by so many microseconds, never beyond what can be stored.
    pub const fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to this moment; negative when `earlier` is later.
    pub const fn since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The calendar's view of this moment.
    pub fn to_date_time(self) -> OffsetDateTime {
        let bounded = self.0.clamp(0, Self::FAR.0);
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(bounded) * 1_000).expect("between 1970 and 9999")
    }

    /// The moment that the calendar shows.
    pub fn from_date_time(moment: OffsetDateTime) -> Self {
        Self((moment.unix_timestamp_nanos() / 1_000) as i64)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with microseconds as far as they are not zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_date_time().format(&Rfc3339).expect("between 1970 and 9999"))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is not a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a moment such as 2026-11-21T09:00:00Z")]
pub struct NotAMoment(String);

impl FromStr for Timestamp {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        OffsetDateTime::parse(text, &Rfc3339)
            .map(Self::from_date_time)
            .map_err(|_| NotAMoment(text.chars().take(64).collect()))
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A span of time that a quota counts in: from `start` up to but not including `end`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Window {
    /// The first moment; it names the window in the ledger.
    pub start: Timestamp,
    /// The first moment after it.
    pub end: Timestamp,
}

impl Window {
    /// Whether the moment lies inside.
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }
}

/// The two clocks of a process, handed in from the edge so that tests can hold them still.
#[derive(Clone, Copy)]
pub struct Clock {
    /// What time it is in UTC; may jump when somebody sets it.
    pub wall: fn() -> Timestamp,
    /// Microseconds since the process started; never jumps.
    pub steady: fn() -> i64,
}

#[cfg(test)]
mod tests;
