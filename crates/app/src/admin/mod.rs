//! The area itself: its profile, the people who sign in, and what is brought in from elsewhere.
//!
//! | address | page |
//! |---|---|
//! | `/imports` | files brought in, and bringing in another |
//! | `/imports/{import}` | how one import goes or went |

pub mod areas;
pub mod imports;

use crate::App;
use axum::Router;

pub fn routes() -> Router<App> {
    imports::routes()
}
