//! Plain drawings that stand beside the headings of an easy read plan, a few lines each, never without
//! words.

use crate::model::{Block, Figure, Image};

/// What a heading is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Picture {
    Person,
    Speech,
    Hill,
    Heart,
    House,
    Star,
    Hands,
    School,
    Coin,
    Paper,
    Question,
    Book,
}

const WIDTH_MM: u16 = 22;

impl Picture {
    fn lines(self) -> &'static str {
        match self {
            Picture::Person => "<circle cx='24' cy='13' r='8'/><path d='M8 45c0-12 7-19 16-19s16 7 16 19'/>",
            Picture::Speech => {
                "<rect x='4' y='6' width='40' height='26' rx='6'/><path d='M14 32v11l11-11M14 15h20M14 23h13'/>"
            }
            Picture::Hill => "<path d='M3 43L20 14l8 12 5-6 12 23zM20 14v-9h9l-3 3 3 3h-9'/>",
            Picture::Heart => "<path d='M24 43C10 32 4 25 4 17a10 10 0 0 1 20-3 10 10 0 0 1 20 3c0 8-6 15-20 26z'/>",
            Picture::House => "<path d='M5 23L24 6l19 17M11 19v24h26V19M19 43V29h10v14'/>",
            Picture::Star => "<path d='M24 4l6 14 15 1-12 10 4 15-13-8-13 8 4-15L3 19l15-1z'/>",
            Picture::Hands => {
                "<path d='M5 28h9l8 4h8a4 4 0 0 1 0 8H16M30 36l10-8a4 4 0 0 1 4 6L31 44H5M24 22a7 7 0 1 0 0-14 7 7 0 0 0 0 14z'/>"
            }
            Picture::School => {
                "<path d='M4 43h40M8 43V22h32v21M24 6v16M24 6h12l-3 4 3 4H24M15 29h5v6h-5zM28 29h5v6h-5z'/>"
            }
            Picture::Coin => {
                "<circle cx='24' cy='24' r='19'/><path d='M30 17c-1-3-10-4-10 3 0 5 2 7-3 13h14M15 25h12'/>"
            }
            Picture::Paper => "<path d='M10 4h19l10 10v30H10zM29 4v10h10M17 22h15M17 29h15M17 36h9'/>",
            Picture::Question => {
                "<circle cx='24' cy='24' r='19'/><path d='M17 19c0-9 14-9 14 0 0 6-7 6-7 12M24 37v1'/>"
            }
            Picture::Book => {
                "<path d='M24 12C18 7 10 7 4 9v30c6-2 14-2 20 3 6-5 14-5 20-3V9c-6-2-14-2-20 3zM24 12v30'/>"
            }
        }
    }

    fn words(self) -> &'static str {
        match self {
            Picture::Person => "A person",
            Picture::Speech => "A speech bubble",
            Picture::Hill => "A steep hill with a flag",
            Picture::Heart => "A heart",
            Picture::House => "A house",
            Picture::Star => "A star",
            Picture::Hands => "A hand that holds something out",
            Picture::School => "A school",
            Picture::Coin => "A coin",
            Picture::Paper => "A sheet of paper",
            Picture::Question => "A question mark",
            Picture::Book => "An open book",
        }
    }

    pub fn block(self) -> Block {
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 48' fill='none' stroke='#0b0c0c' stroke-width='2.5' \
             stroke-linecap='round' stroke-linejoin='round'>{}</svg>",
            self.lines()
        );
        Block::Figure(Figure {
            image: Image::Svg(svg.into_bytes()),
            alternative_text: self.words().to_owned(),
            caption: None,
            width_mm: Some(WIDTH_MM),
        })
    }
}
