//! What the control listener shows: where the gateway is, which APIs it serves, how keys are managed.

use serde::Serialize;

use crate::{page::escaped, router::Face};

/// The same as JSON.
#[derive(Serialize)]
pub struct Summary<'a> {
    name: &'static str,
    version: &'a str,
    gateway_url: &'a str,
    apis: Vec<SummaryApi<'a>>,
}

#[derive(Serialize)]
struct SummaryApi<'a> {
    name: &'a str,
    title: &'a str,
}

/// What programs read.
pub fn summary(face: &Face) -> Summary<'_> {
    let apis = face.apis.iter().map(|(name, title)| SummaryApi { name, title }).collect();
    Summary { name: "keyward", version: face.version, gateway_url: &face.gateway_url, apis }
}

/// What people read.
pub fn body(face: &Face) -> String {
    let mut page = String::from("<p>The gateway is at <code>");
    page.push_str(&escaped(&face.gateway_url));
    page.push_str("</code> and serves:</p>\n<ul>\n");
    for (name, title) in &face.apis {
        page.push_str(&format!("<li>{} (<code>{}</code>)</li>\n", escaped(title), escaped(name)));
    }
    page.push_str("</ul>\n<p>Accounts, members and keys are managed by the <code>keyward</code> commands; ");
    page.push_str("this version has no pages for them yet.</p>\n");
    page.push_str("<p><a href=\"/docs/errors\">What denials mean</a></p>\n");
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_titles_are_text() {
        let face = Face {
            public_url: "http://127.0.0.1:1".into(),
            gateway_url: "http://127.0.0.1:2".into(),
            apis: vec![("node".into(), "<script>alert(1)</script>".into())],
            version: "1",
        };
        assert!(!body(&face).contains("<script>"));
        assert!(body(&face).contains("&lt;script&gt;"));
    }
}
