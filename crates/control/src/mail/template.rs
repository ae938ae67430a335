//! Templates: how letters are rendered. The frame that is built in, and in its place the files of a folder that the operator named:
//! `NAME.subject`, `NAME.txt` and `NAME.html` of a letter, `frame.txt` and `frame.html` for all of them.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value};

use super::LetterName;

/// The largest template, in bytes.
const MAX_TEMPLATE: u64 = 256 << 10;
/// What every letter's templates can name.
pub const COMMON: &[&str] =
    &["subject", "title", "greeting", "paragraphs", "label", "link", "notes", "public_url", "contact"];

/// What of a letter a template writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The subject line.
    Subject,
    /// For who reads text.
    Text,
    /// For who reads HTML.
    Html,
}

impl Part {
    const ALL: [Part; 3] = [Part::Subject, Part::Text, Part::Html];

    fn extension(self) -> &'static str {
        match self {
            Part::Subject => "subject",
            Part::Text => "txt",
            Part::Html => "html",
        }
    }
}

/// Why a folder of templates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WrongTemplate {
    /// The folder or a file in it.
    #[error("cannot read {}: {source}", .file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No letter is called so.
    #[error("{}: no letter is called so; `keyward mail list` names them, and each has .subject, .txt and .html", .file.display())]
    Unknown {
        /// The file.
        file: PathBuf,
    },
    /// More than a letter takes.
    #[error("{}: longer than {MAX_TEMPLATE} bytes", .file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
    },
    /// What stands in it.
    #[error("{}:{line}: {why}", .file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and what could stand there.
        why: String,
    },
}

/// A template that could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error("{template}, line {line}: {why}")]
pub struct Unwritten {
    /// Its name.
    pub template: String,
    /// The line, from 1.
    pub line: usize,
    /// What the library said.
    pub why: String,
}

/// Templates by name.
pub struct Templates {
    built_in: Environment<'static>,
    own: Environment<'static>,
}

impl Default for Templates {
    fn default() -> Templates {
        let mut built_in = Environment::new();
        // What is in a name is text, never a tag: minijinja escapes in templates whose name ends in `.html`.
        for (name, source) in [("frame.html", include_str!("frame.html")), ("frame.txt", include_str!("frame.txt"))] {
            built_in.add_template(name, source).expect("tests render every template");
        }
        let mut own = Environment::new();
        // A name that nothing has is a mistake; an empty place in a letter would hide it.
        own.set_undefined_behavior(UndefinedBehavior::Strict);
        Templates { built_in, own }
    }
}

impl Templates {
    /// Those of a folder, and what is built in for the rest. Only read: whether they can be rendered is seen with examples.
    ///
    /// Errors: the first file that cannot be a template.
    pub fn of_folder(folder: &Path) -> Result<Templates, WrongTemplate> {
        let mut templates = Templates::default();
        let unreadable = |source| WrongTemplate::Unreadable { file: folder.to_owned(), source };
        let mut files: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            // What begins with a dot is an editor's, or git's.
            if !file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
                files.push(file);
            }
        }
        files.sort();
        for file in files {
            templates.add(&file)?;
        }
        Ok(templates)
    }

    fn add(&mut self, file: &Path) -> Result<(), WrongTemplate> {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let facts = facts_of(&name).ok_or_else(|| WrongTemplate::Unknown { file: file.to_owned() })?;
        let text = read(file)?;
        let wrong = |line, why| WrongTemplate::Wrong { file: file.to_owned(), line, why };
        let added = self.own.add_template_owned(name.clone(), text.clone());
        added.map_err(|error| wrong(error.line().unwrap_or(1), told(&error)))?;
        let template = self.own.get_template(&name).map_err(|error| wrong(1, told(&error)))?;
        let mut unknown: Vec<String> = template.undeclared_variables(false).into_iter().collect();
        unknown.retain(|word| !facts.contains(&word.as_str()) && !self.own.globals().any(|(global, _)| global == word));
        unknown.sort();
        match unknown.first() {
            None => Ok(()),
            Some(word) => {
                let line = text.lines().position(|line| line.contains(word.as_str())).map_or(1, |index| index + 1);
                Err(wrong(line, format!("there is no `{word}` here; there is: {}", facts.join(", "))))
            }
        }
    }

    /// A part of a letter: from the operator's template for it, else from a frame; none for a subject that only the letter writes.
    ///
    /// Errors: the template that cannot be rendered.
    pub fn render(&self, letter: LetterName, part: Part, values: &Value) -> Result<Option<String>, Unwritten> {
        let (own, frame) = (format!("{}.{}", letter.as_str(), part.extension()), format!("frame.{}", part.extension()));
        let chosen = self.own.get_template(&own).or_else(|_| self.own.get_template(&frame));
        match chosen.or_else(|_| self.built_in.get_template(&frame)) {
            Ok(template) => rendered(&template, values).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// The same with what is built in alone.
    ///
    /// Errors: as [`Templates::render`].
    pub fn render_built_in(&self, part: Part, values: &Value) -> Result<Option<String>, Unwritten> {
        match self.built_in.get_template(&format!("frame.{}", part.extension())) {
            Ok(template) => rendered(&template, values).map(Some),
            Err(_) => Ok(None),
        }
    }
}

fn rendered(template: &minijinja::Template<'_, '_>, values: &Value) -> Result<String, Unwritten> {
    template.render(values).map_err(|error| Unwritten {
        template: error.name().unwrap_or(template.name()).to_owned(),
        line: error.line().unwrap_or(1),
        why: told(&error),
    })
}

fn told(error: &minijinja::Error) -> String {
    match (error.kind(), error.detail()) {
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (ErrorKind::UndefinedError, None) => "a name that has no value".to_owned(),
        (kind, None) => kind.to_string(),
    }
}

/// What a template of this file name can name; none if no template is called so.
fn facts_of(file: &str) -> Option<Vec<&'static str>> {
    let (name, extension) = file.rsplit_once('.')?;
    let part = Part::ALL.into_iter().find(|part| part.extension() == extension)?;
    let facts: &[&str] = match LetterName::find(name) {
        Some(letter) => letter.facts(),
        None if name == "frame" && part != Part::Subject => &[],
        None => return None,
    };
    Some([COMMON, facts].concat())
}

fn read(file: &Path) -> Result<String, WrongTemplate> {
    let unreadable = |source| WrongTemplate::Unreadable { file: file.to_owned(), source };
    let mut text = String::new();
    fs::File::open(file).and_then(|open| open.take(MAX_TEMPLATE + 1).read_to_string(&mut text)).map_err(unreadable)?;
    if text.len() as u64 > MAX_TEMPLATE { Err(WrongTemplate::TooLarge { file: file.to_owned() }) } else { Ok(text) }
}
