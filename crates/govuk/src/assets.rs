//! Which stylesheets, scripts and pictures does a page need, and what is in them?
//!
//! All of them are made by `build.rs` and live in the binary. A path contains a fingerprint of
//! the content: serve every asset with `Cache-Control: public, max-age=31536000, immutable`.

/// One file to serve.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Where it is served, such as `/assets/tellonce-0123456789abcdef.css`.
    pub path: &'static str,
    /// The value of the `Content-Type` header.
    pub content_type: &'static str,
    /// The content.
    pub bytes: &'static [u8],
    /// The content compressed, for those who accept `gzip`.
    pub gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Every file there is.
pub fn all() -> &'static [Asset] {
    ALL
}

/// The file served at `path`, which begins with `/assets/`.
pub fn find(path: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.path == path)
}
