//! The frame of the pages that this listener shows, and the escaping of what comes from outside.

use axum::{http::header, response::IntoResponse};

/// How they look; [`POLICY`] knows its digest.
const STYLE: &str = "
:root { color-scheme: light dark; font: 15px/1.55 system-ui, sans-serif; }
body { max-width: 46rem; margin: 3rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; }
h2 { font: 600 1rem ui-monospace, monospace; margin: 2rem 0 .25rem; }
h2:target { background: Mark; color: MarkText; }
p { margin: .25rem 0; }
pre, code { font-family: ui-monospace, monospace; }
pre { padding: .75rem; border: 1px solid; border-radius: .5rem; overflow-x: auto; }
";
/// They load nothing, run nothing, and look like [`STYLE`] alone.
const POLICY: &str =
    "default-src 'none'; style-src 'sha256-iZXzZ64W4YcWEbgSsGGEO4x/ft2aTZK5oKoEcgcLI5Q='; frame-ancestors 'none'";

/// A whole page; `body` is HTML, `title` is text.
pub fn page(title: &str, body: &str) -> impl IntoResponse + use<> {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let title = escaped(title);
    let head = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
                <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    let head = format!("{head}<title>{title} · Keyward</title>\n<style>{STYLE}</style>\n");
    (headers, format!("{head}<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"))
}

/// Text as HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_policy_allows_the_style() {
        let digest = STANDARD.encode(Sha256::digest(STYLE));
        assert!(POLICY.contains(&format!("style-src 'sha256-{digest}'")), "the digest of STYLE is {digest}");
    }
}
