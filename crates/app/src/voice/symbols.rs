//! The product's own plain symbols: a few lines each, drawn here, never without their word.

use casework::own_voice::Symbol;
use govuk::Html;

/// The lines of a symbol in a square of 48.
fn lines(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Family => {
            "<circle cx='14' cy='14' r='6'/><circle cx='34' cy='14' r='6'/><circle cx='24' cy='28' r='4'/><path d='M4 42V32a10 10 0 0 1 12-8M44 42V32a10 10 0 0 0-12-8M16 44v-3a8 8 0 0 1 16 0v3'/>"
        }
        Symbol::Friends => {
            "<circle cx='15' cy='14' r='7'/><circle cx='33' cy='14' r='7'/><path d='M4 44V34a11 11 0 0 1 20-6 11 11 0 0 1 20 6v10'/>"
        }
        Symbol::Animals => {
            "<ellipse cx='24' cy='33' rx='10' ry='8'/><circle cx='10' cy='22' r='4'/><circle cx='19' cy='12' r='4'/><circle cx='29' cy='12' r='4'/><circle cx='38' cy='22' r='4'/>"
        }
        Symbol::Music => "<circle cx='13' cy='37' r='6'/><circle cx='35' cy='33' r='6'/><path d='M19 37V11l22-4v26'/>",
        Symbol::Drawing => "<path d='M6 42l4-12L34 6l8 8-24 24zM28 12l8 8'/>",
        Symbol::Games => {
            "<rect x='4' y='14' width='40' height='22' rx='10'/><path d='M15 20v10M10 25h10'/><circle cx='32' cy='22' r='2'/><circle cx='37' cy='28' r='2'/>"
        }
        Symbol::Sport => {
            "<circle cx='24' cy='24' r='19'/><path d='M24 5v38M5 24h38M11 10c8 8 8 20 0 28M37 10c-8 8-8 20 0 28'/>"
        }
        Symbol::Outside => "<path d='M24 44V26M24 4L10 20h7L8 32h32l-9-12h7z'/>",
        Symbol::Food => {
            "<circle cx='24' cy='24' r='12'/><path d='M6 6v10a3 3 0 0 0 6 0V6M9 20v22M42 6c-5 4-5 14 0 16v20'/>"
        }
        Symbol::Home => "<path d='M4 24L24 6l20 18M10 20v22h28V20M20 42V30h8v12'/>",
        Symbol::Work => "<rect x='5' y='15' width='38' height='26' rx='3'/><path d='M17 15V9h14v6M5 27h38'/>",
        Symbol::Bus => {
            "<rect x='5' y='8' width='38' height='28' rx='4'/><path d='M5 22h38M24 8v14'/><circle cx='14' cy='38' r='4'/><circle cx='34' cy='38' r='4'/>"
        }
        Symbol::Quiet => "<path d='M6 18v12h8l10 9V9l-10 9zM32 18l12 12M44 18L32 30'/>",
        Symbol::Time => "<circle cx='24' cy='24' r='19'/><path d='M24 12v13l9 6'/>",
        Symbol::Break => {
            "<path d='M8 16h26v14a10 10 0 0 1-10 10h-6A10 10 0 0 1 8 30zM34 20h4a5 5 0 0 1 0 10h-4M16 4v6M26 4v6'/>"
        }
        Symbol::Pictures => {
            "<rect x='4' y='8' width='40' height='32' rx='3'/><circle cx='16' cy='19' r='4'/><path d='M6 38l14-12 8 7 6-5 8 8'/>"
        }
        Symbol::Talk => "<path d='M5 8h38v24H22L12 42V32H5zM14 20h2M23 20h2M32 20h2'/>",
        Symbol::Help => {
            "<circle cx='14' cy='12' r='6'/><circle cx='36' cy='18' r='5'/><path d='M6 44V28a8 8 0 0 1 14-5l8 7M28 44V34a8 8 0 0 1 16 0v10'/>"
        }
        Symbol::Loud => "<path d='M6 18v12h8l10 9V9l-10 9zM31 17a10 10 0 0 1 0 14M36 11a18 18 0 0 1 0 26'/>",
        Symbol::Crowds => {
            "<circle cx='10' cy='16' r='5'/><circle cx='24' cy='12' r='5'/><circle cx='38' cy='16' r='5'/><path d='M3 40V30a7 7 0 0 1 14 0v10M17 40V26a7 7 0 0 1 14 0v14M31 40V30a7 7 0 0 1 14 0v10'/>"
        }
        Symbol::Change => "<path d='M40 18A18 18 0 0 0 8 16M8 6v10h10M8 30a18 18 0 0 0 32 2M40 42V32H30'/>",
    }
}

/// A symbol without its word: the word always stands beside it.
pub(crate) fn svg(symbol: Symbol) -> Html {
    let mut html = Html::trusted(
        "<svg class=\"app-symbol__picture\" viewBox=\"0 0 48 48\" aria-hidden=\"true\" focusable=\"false\" fill=\"none\" \
         stroke=\"currentColor\" stroke-width=\"3\" stroke-linecap=\"round\" stroke-linejoin=\"round\">",
    );
    html.push(Html::trusted(lines(symbol).replace('\'', "\"")));
    html.push(Html::trusted("</svg>"));
    html
}
