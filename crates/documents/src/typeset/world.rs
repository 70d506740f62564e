//! What can the typesetter see? One template, one JSON value, the document's own pictures, and nothing else.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use super::fonts::FONTS;
use crate::model::FIGURES_MAX;

const TEMPLATE: &str = include_str!("template.typ");

/// The typesetter's table of paths is never emptied, so the whole set is fixed here, once for the life of the program.
struct Paths {
    template: Source,
    value: FileId,
    figures: Vec<FileId>,
}

static PATHS: LazyLock<Paths> = LazyLock::new(|| Paths {
    template: Source::new(path("/template.typ"), TEMPLATE.to_owned()),
    value: path("/document.json"),
    figures: (0..FIGURES_MAX).map(|number| path(&figure_path(number))).collect(),
});

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    // Row headers in tables are behind this switch.
    let features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

fn path(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a constant absolute path without dots is valid");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// Where the template finds the picture with this number.
pub fn figure_path(number: usize) -> String {
    format!("/figure-{number}")
}

/// The bytes of one picture.
pub struct FigureFile(pub Bytes);

pub struct ClosedWorld<'a> {
    value: Bytes,
    figures: &'a [FigureFile],
}

impl<'a> ClosedWorld<'a> {
    pub fn new(value: Vec<u8>, figures: &'a [FigureFile]) -> ClosedWorld<'a> {
        ClosedWorld { value: Bytes::new(value), figures }
    }
}

impl World for ClosedWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        PATHS.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == PATHS.template.id() { Ok(PATHS.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == PATHS.value {
            return Ok(self.value.clone());
        }
        let number = PATHS.figures.iter().position(|figure| *figure == id);
        let figure = number.and_then(|number| self.figures.get(number));
        figure.map(|figure| figure.0.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_outside_the_document_can_be_read() {
        let world = ClosedWorld::new(b"{}".to_vec(), &[]);
        for name in ["/etc/passwd", "/figure-0", "/figure-99", "/main.typ"] {
            assert!(world.file(path(name)).is_err(), "{name}");
            assert!(world.source(path(name)).is_err(), "{name}");
        }
        assert!(world.file(PATHS.value).is_ok());
    }
}
