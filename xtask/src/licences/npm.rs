//! Licences of npm packages, from the lock files: what the dashboard carries, and what only builds and tests it.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

use super::expression;

/// Beyond `deny.toml`, what may be carried to browsers: fonts have a licence of their own kind, which asks to keep the
/// notice and the name.
const CARRIED: [&str; 1] = ["OFL-1.1"];

/// Beyond those, what may run here and goes nowhere: MPL-2.0 asks for changes of its own files (Vite's CSS compiler,
/// axe); the others are permissive and only seen among tools.
const TOOLS: [&str; 4] = ["MPL-2.0", "BlueOak-1.0.0", "CC-BY-4.0", "Python-2.0"];

/// What a lock file names that may not be used, one line each, and how many packages it names.
pub fn problems(lock: &str, allowed: &BTreeSet<String>) -> Result<(usize, Vec<String>)> {
    let lock: Value = serde_json::from_str(lock)?;
    let packages = lock["packages"].as_object().context("a lock file has `packages`")?;
    let carried: BTreeSet<String> = allowed.iter().cloned().chain(CARRIED.map(str::to_owned)).collect();
    let tools: BTreeSet<String> = carried.iter().cloned().chain(TOOLS.map(str::to_owned)).collect();
    let packages = packages.iter().filter(|(place, _)| !place.is_empty());
    let refused = packages.clone().filter_map(|(place, package)| {
        let is_tool = package["dev"] == true || package["devOptional"] == true;
        let name = place.rsplit_once("node_modules/").map_or(place.as_str(), |(_, name)| name);
        let version = package["version"].as_str().unwrap_or("?");
        match package["license"].as_str() {
            None => Some(format!("  {name} {version} (npm) names no licence")),
            Some(licence) if expression::permits(licence, if is_tool { &tools } else { &carried }) => None,
            Some(licence) => Some(format!("  {name} {version} (npm) stands under {licence}")),
        }
    });
    Ok((packages.clone().count(), refused.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(package: &str) -> Vec<String> {
        let lock = format!(
            r#"{{"packages": {{"": {{"license": "GPL-3.0"}}, "node_modules/a/node_modules/@b/c": {package}}}}}"#
        );
        let (count, problems) = problems(&lock, &["MIT".to_owned()].into()).unwrap();
        assert_eq!(count, 1, "the checkout itself is no package");
        problems
    }

    #[test]
    fn what_is_carried_is_permissive_and_a_tool_may_be_a_little_less() {
        let cases = [
            (r#"{"version": "1.0.0", "license": "MIT"}"#, None),
            (r#"{"version": "1.0.0", "license": "OFL-1.1"}"#, None),
            (r#"{"version": "1.0.0", "license": "MPL-2.0", "dev": true}"#, None),
            (r#"{"version": "1.0.0", "license": "MPL-2.0"}"#, Some("  @b/c 1.0.0 (npm) stands under MPL-2.0")),
            (
                r#"{"version": "1.0.0", "license": "GPL-3.0", "dev": true}"#,
                Some("  @b/c 1.0.0 (npm) stands under GPL-3.0"),
            ),
            (r#"{"version": "1.0.0"}"#, Some("  @b/c 1.0.0 (npm) names no licence")),
        ];
        for (package, expected) in cases {
            assert_eq!(found(package), expected.map(str::to_owned).into_iter().collect::<Vec<_>>(), "{package}");
        }
    }

    #[test]
    fn what_is_no_lock_file_is_an_error() {
        assert!(problems("{}", &BTreeSet::new()).is_err());
    }
}
