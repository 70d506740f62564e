//! The area itself: its profile, the people who sign in, and what is brought in from elsewhere.
//!
//! | address | page |
//! |---|---|
//! | `/imports` | files brought in, and bringing in another |
//! | `/imports/{import}` | how one import goes or went |
//! | `/files` | whether files are checked for viruses, and how those stand that were |

pub mod areas;
mod files;
pub mod imports;

use crate::App;
use axum::Router;

pub fn routes() -> Router<App> {
    imports::routes().merge(files::routes())
}
