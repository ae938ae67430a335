//! Patterns over REST paths, as operators and members write them in price lists and allowlists.

use super::{PathFault, check_path, decoded, next_segment, path_of};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Segments in a pattern: also the depth of the search in a set of them.
pub const MAX_SEGMENTS: usize = 32;
/// Bytes in a verb.
const MAX_VERB: usize = 32;

/// `/leagues/*/teams/**`: `*` is one segment (not an empty one), `**` the rest, none or more, and only at the end.
/// Everything else stands for itself, in its case, percent codes decoded. The query of a path is ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    written: Box<str>,
    pub(super) segments: Vec<Segment>,
}

/// A pattern with the verb it is for: `GET /leagues/*`. `* /status` and `/status` are for every verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerbPattern {
    /// None: every verb. Compared byte for byte: HTTP's verbs are case-sensitive.
    pub verb: Option<Box<str>>,
    /// The path it is for.
    pub path: PathPattern,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatternFault {
    /// No request whose path looks like this gets past `check_path`.
    #[error("\"{written}\" can match no path: {fault}")]
    Path {
        /// As written.
        written: String,
        /// What is wrong with it.
        fault: PathFault,
    },
    /// `**` is not the last segment.
    #[error("\"{written}\": \"**\" stands for the rest, so it can only be the last segment; \"*\" is one segment")]
    RestNotLast {
        /// As written.
        written: String,
    },
    /// `*` inside a segment.
    #[error("\"{written}\": \"*\" stands for a whole segment; a \"*\" of the path itself is written %2A")]
    PartialWildcard {
        /// As written.
        written: String,
    },
    /// `?` in a pattern.
    #[error("\"{written}\": the query is not compared, so leave out \"?\" and what follows")]
    Query {
        /// As written.
        written: String,
    },
    /// More than [`MAX_SEGMENTS`].
    #[error("\"{written}\" has more than {MAX_SEGMENTS} segments")]
    TooManySegments {
        /// As written.
        written: String,
    },
    /// The word before the path is not a verb.
    #[error("\"{verb}\" is no verb: write capital letters like GET, or \"*\" for every verb")]
    Verb {
        /// As written.
        verb: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// Decoded. Empty only as the last one: the path ends in a slash.
    Literal(Box<str>),
    One,
    Rest,
}

impl PathPattern {
    /// Reads a pattern as it is written.
    ///
    /// # Errors
    /// [`PatternFault`], which shows the pattern and says how to write it.
    pub fn parse(written: &str) -> Result<Self, PatternFault> {
        if written.contains('?') {
            return Err(PatternFault::Query { written: written.to_owned() });
        }
        check_path(written).map_err(|fault| PatternFault::Path { written: written.to_owned(), fault })?;
        let mut segments = Vec::new();
        for segment in written[1..].split('/') {
            if segments.len() == MAX_SEGMENTS {
                return Err(PatternFault::TooManySegments { written: written.to_owned() });
            }
            if segments.last() == Some(&Segment::Rest) {
                return Err(PatternFault::RestNotLast { written: written.to_owned() });
            }
            segments.push(match segment {
                "**" => Segment::Rest,
                "*" => Segment::One,
                partial if partial.contains('*') => {
                    return Err(PatternFault::PartialWildcard { written: written.to_owned() });
                }
                literal => Segment::Literal(decoded(literal).into()),
            });
        }
        Ok(PathPattern { written: written.into(), segments })
    }

    /// True when the path of this request target falls under the pattern.
    pub fn matches(&self, target: &str) -> bool {
        let mut rest = path_of(target).strip_prefix('/');
        for wanted in &self.segments {
            if *wanted == Segment::Rest {
                return true;
            }
            let Some(path) = rest else { return false };
            let (segment, after) = next_segment(path);
            let fits = match wanted {
                Segment::Literal(literal) => decoded(segment) == **literal,
                _ => !segment.is_empty(),
            };
            if !fits {
                return false;
            }
            rest = after;
        }
        rest.is_none()
    }

    /// The same pattern as two people would both write it: percent codes only where a path needs them, in capitals.
    pub fn in_one_form(&self) -> PathPattern {
        let mut written = String::with_capacity(self.written.len());
        for segment in &self.segments {
            written.push('/');
            match segment {
                Segment::Literal(literal) => literal.bytes().for_each(|byte| push_encoded(&mut written, byte)),
                Segment::One => written.push('*'),
                Segment::Rest => written.push_str("**"),
            }
        }
        PathPattern { written: written.into(), segments: self.segments.clone() }
    }
}

impl VerbPattern {
    /// Reads a pattern with or without a verb before it.
    ///
    /// # Errors
    /// As [`PathPattern::parse`], and [`PatternFault::Verb`].
    pub fn parse(written: &str) -> Result<Self, PatternFault> {
        let (verb, path) = match written.split_once(' ') {
            Some((verb, path)) => (Some(verb), path.trim_start_matches(' ')),
            None => (None, written),
        };
        let is_verb = |verb: &str| {
            (1..=MAX_VERB).contains(&verb.len()) && verb.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
        };
        let verb = match verb {
            None | Some("*") => None,
            Some(verb) if is_verb(verb) => Some(verb.into()),
            Some(verb) => return Err(PatternFault::Verb { verb: verb.to_owned() }),
        };
        Ok(VerbPattern { verb, path: PathPattern::parse(path)? })
    }

    /// True when a request with this verb and target falls under the pattern.
    pub fn matches(&self, verb: &str, target: &str) -> bool {
        self.verb.as_deref().is_none_or(|wanted| wanted == verb) && self.path.matches(target)
    }

    /// As [`PathPattern::in_one_form`].
    pub fn in_one_form(&self) -> VerbPattern {
        VerbPattern { verb: self.verb.clone(), path: self.path.in_one_form() }
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.written)
    }
}

impl fmt::Display for VerbPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verb {
            Some(verb) => write!(formatter, "{verb} {}", self.path),
            None => self.path.fmt(formatter),
        }
    }
}

impl FromStr for VerbPattern {
    type Err = PatternFault;

    fn from_str(written: &str) -> Result<Self, PatternFault> {
        VerbPattern::parse(written)
    }
}

/// A byte that means something else in a pattern, or that no path may hold plainly, becomes its percent code.
fn push_encoded(written: &mut String, byte: u8) {
    if byte.is_ascii_graphic() && !matches!(byte, b'%' | b'?' | b'#' | b'*') {
        written.push(char::from(byte));
    } else {
        written.push_str(&format!("%{byte:02X}"));
    }
}
