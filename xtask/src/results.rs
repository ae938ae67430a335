//! Results of a run, in the page of `docs` that keeps them: what stands between two marks, with commit and day.

use anyhow::{Context, Result, ensure};

use crate::process::answer;
use crate::workspace::Workspace;

const BEGIN: &str = "<!-- results: begin -->";
const END: &str = "<!-- results: end -->";

/// Which source was run and when, as a sentence.
pub fn provenance(workspace: &Workspace) -> Result<String> {
    let root = workspace.root.display().to_string();
    let git = |arguments: &[&str]| answer("git", &[&["-C", &root], arguments].concat());
    let commit = git(&["rev-parse", "--short", "HEAD"]).context("git does not know this checkout")?;
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_none_or(|changes| !changes.is_empty());
    let day = answer("date", &["-u", "+%Y-%m-%d"]).context("there is no `date`")?;
    Ok(format!("Commit {commit}{}, {day}.", if changed { " with changes" } else { "" }))
}

/// Puts them into a page.
pub fn write(workspace: &Workspace, page: &str, results: &str) -> Result<()> {
    let path = workspace.root.join(page);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let text = replaced(&text, results).with_context(|| page.to_owned())?;
    std::fs::write(&path, text).with_context(|| path.display().to_string())
}

fn replaced(page: &str, results: &str) -> Result<String> {
    let marks = page.find(BEGIN).zip(page.find(END)).filter(|(begin, end)| begin < end);
    let (begin, end) = marks.with_context(|| format!("needs the lines {BEGIN} and {END}, in this order"))?;
    ensure!(page.matches(BEGIN).count() == 1 && page.matches(END).count() == 1, "has a mark twice");
    Ok(format!("{}{BEGIN}\n{}\n{}", &page[..begin], results.trim_end(), &page[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = format!("# Title\n{BEGIN}\nold\nlines\n{END}\nrest\n");
        let expected = format!("# Title\n{BEGIN}\nnew\n{END}\nrest\n");
        assert_eq!(replaced(&page, "new\n").unwrap(), expected);
        assert_eq!(replaced(&expected, "new").unwrap(), expected);
        for wrong in ["", BEGIN, &format!("{END}\n{BEGIN}\n"), &format!("{page}{BEGIN}\n")] {
            assert!(replaced(wrong, "new").is_err(), "{wrong}");
        }
    }
}
