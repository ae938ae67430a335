//! The dashboard, embedded: what `npm run build` left in `web/dist` when this program was built. It may have been nothing.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Built;

/// A file of it, by its path.
pub fn asset(path: &str) -> Option<Cow<'static, [u8]>> {
    Built::get(path).map(|file| file.data)
}
