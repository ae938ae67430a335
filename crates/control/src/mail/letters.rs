//! Letters: writes each of them, from what it tells and a template.

use std::{collections::BTreeMap, path::Path};

use minijinja::Value;

use super::{
    Letter, LetterName, Sheet, one_line,
    template::{Part, Templates, Unwritten, WrongTemplate},
};

/// Writes letters.
pub struct Letters {
    templates: Templates,
    /// Where links lead, without a slash at the end.
    pub(super) public_url: String,
    /// Where people turn to the operator, if that is told.
    pub(super) contact: Option<String>,
    /// Whether a template of the operator's that cannot be rendered is an error; else the letter that is built in goes in its place.
    is_strict: bool,
}

impl Letters {
    /// In the words that are built in.
    pub fn new(public_url: impl Into<String>, contact: Option<String>) -> Letters {
        Letters { templates: Templates::default(), public_url: public_url.into(), contact, is_strict: false }
    }

    /// With an operator's templates in place of those that are built in; each letter is written once, with made-up data.
    ///
    /// Errors: the first template that is none, or cannot be rendered.
    pub fn with_folder(self, folder: &Path) -> Result<Letters, WrongTemplate> {
        let strict = Letters { templates: Templates::of_folder(folder)?, is_strict: true, ..self };
        for name in LetterName::ALL {
            strict.example(*name).map_err(|Unwritten { template, line, why }| WrongTemplate::Wrong {
                file: folder.join(template),
                line,
                why,
            })?;
        }
        Ok(Letters { is_strict: false, ..strict })
    }

    /// A letter from its sheet. A template of the operator's that fails for this letter alone does not hold it up.
    pub(super) fn write(&self, sheet: Sheet) -> Result<Letter, Unwritten> {
        let letter = sheet.letter;
        let (subject, values) = self.values(sheet)?;
        let part = |part: Part| match self.templates.render(letter, part, &values) {
            Err(error) if !self.is_strict => {
                tracing::warn!(%error, "a mail template cannot be used; the mail is sent in our own words");
                self.templates.render_built_in(part, &values)
            }
            told => told,
        };
        let subject = part(Part::Subject)?.unwrap_or(subject);
        let (text, html) = (part(Part::Text)?.unwrap_or_default(), part(Part::Html)?.unwrap_or_default());
        Ok(Letter { subject: one_line(&subject), text, html })
    }

    /// The subject, and what templates can name.
    fn values(&self, sheet: Sheet) -> Result<(String, Value), Unwritten> {
        let Sheet { letter, subject, title, greeting, paragraphs, action, notes, facts } = sheet;
        if !facts.iter().map(|(name, _)| name).eq(letter.facts()) {
            let why = format!("its facts are not {}", letter.facts().join(", "));
            return Err(Unwritten { template: letter.as_str().to_owned(), line: 1, why });
        }
        let (label, link) = action.map_or((None, None), |(label, link)| (Some(label), Some(link)));
        let common: [(&'static str, Value); 9] = [
            ("subject", Value::from(subject.as_str())),
            ("title", Value::from(title)),
            ("greeting", Value::from(greeting)),
            ("paragraphs", paragraphs.into_iter().collect()),
            ("label", Value::from(label)),
            ("link", Value::from(link)),
            ("notes", notes.into_iter().collect()),
            ("public_url", Value::from(self.public_url.as_str())),
            ("contact", Value::from(self.contact.as_deref())),
        ];
        let values: BTreeMap<&'static str, Value> = common.into_iter().chain(facts).collect();
        Ok((subject, Value::from(values)))
    }
}

#[cfg(test)]
mod tests;
