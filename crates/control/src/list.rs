//! List: how many rows of a list are asked for, and with which text.

use crate::error::Problem;

/// The longest text that is looked for, in characters: as long as names are.
const MAX_TEXT: usize = domain::name::MAX_NAME;

/// How many `rows` a page has: `usual` if nothing is said.
///
/// Errors: 422 for none, or more than `most`.
pub fn limit(asked: Option<u32>, (usual, most): (u32, u32), rows: &str) -> Result<u32, Problem> {
    let limit = asked.unwrap_or(usual);
    if (1..=most).contains(&limit) { Ok(limit) } else { Err(Problem::field("limit", format!("1 to {most} {rows}"))) }
}

/// The text that names are to have somewhere, without the spaces around it; none: whatever they have.
///
/// Errors: 422 for one that no name has.
pub fn text(field: &str, asked: Option<&str>) -> Result<Option<String>, Problem> {
    let text = asked.map(str::trim).filter(|text| !text.is_empty());
    // PostgreSQL knows no text with the character of number 0.
    if text.is_some_and(|text| text.chars().count() > MAX_TEXT || text.contains('\0')) {
        return Err(Problem::field(field, format!("at most {MAX_TEXT} characters")));
    }
    Ok(text.map(str::to_owned))
}
