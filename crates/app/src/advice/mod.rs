//! What advisers write: advice in lines, signed; and what becomes of the lines in a plan.
//!
//! | address | page |
//! |---|---|
//! | `/children/{case}/advice/{advice}/write` | the report at a glance: sections, flags, signing |
//! | `/children/{case}/advice/{advice}/write/{section}` | one section: its lines, and adding to it |
//! | `/children/{case}/advice/{advice}/write/{section}/{line}` | change one line |
//! | `/children/{case}/advice/{advice}/not-known` | social care: seven questions of a child not known to it |
//! | `/children/{case}/advice/{advice}/enclosed/{document}` | the professional's own report as a file |
//! | `/children/{case}/advice/{advice}/signed` | the receipt, and the report as it was signed |
//! | `/children/{case}/advice/{advice}/check` | the adviser's lines: kept, changed, dropped; object |
//! | `/advice/capacity` | the days a team has, and the week each piece of its queue is reached |
//! | `/children/{case}/draft/advice` | the officer's: reasons, contradictions, objections |

pub(crate) mod capacity;
mod check;
mod enclose;
mod proportionate;
mod sign;
pub(crate) mod store;
pub(crate) mod tell;
mod used;
mod write;

use crate::App;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/children/{case}/advice/{advice}/write", get(write::show))
        .route("/children/{case}/advice/{advice}/write/account", post(write::save_account))
        .route("/children/{case}/advice/{advice}/write/conditions", post(write::add_condition))
        .route("/children/{case}/advice/{advice}/write/conditions/{line}/remove", post(write::remove_condition))
        .route("/children/{case}/advice/{advice}/write/{section}", get(write::show_section).post(write::add))
        .route("/children/{case}/advice/{advice}/write/{section}/{line}", get(write::show_line).post(write::save_line))
        .route("/children/{case}/advice/{advice}/write/{section}/{line}/remove", post(write::remove_line))
        .route("/children/{case}/advice/{advice}/not-known", get(proportionate::show).post(proportionate::save))
        .route(
            "/children/{case}/advice/{advice}/enclose",
            post(enclose::save).layer(axum::extract::DefaultBodyLimit::disable()),
        )
        .route("/children/{case}/advice/{advice}/enclosed/{document}", get(enclose::show))
        .route("/children/{case}/advice/{advice}/write/enclosed/{document}/remove", post(enclose::remove))
        .route("/children/{case}/advice/{advice}/sign", post(sign::save))
        .route("/children/{case}/advice/{advice}/signed", get(sign::show))
        .route("/children/{case}/advice/{advice}/check", get(check::show).post(check::save))
        .route("/advice/capacity", get(capacity::show).post(capacity::save))
        .route("/children/{case}/draft/advice", get(used::show))
        .route("/children/{case}/draft/advice/settle", post(used::settle))
        .route("/children/{case}/draft/advice/ask", post(used::ask))
        .route("/children/{case}/draft/advice/{advice}/{line}/reason", post(used::reason))
        .route("/children/{case}/draft/advice/{advice}/{line}/use", post(used::take))
        .route("/children/{case}/draft/advice/{advice}/{line}/answer", post(used::answer))
}
