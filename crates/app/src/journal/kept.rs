//! Cases kept in memory from one act to the next.
//!
//! The head of a case's hash chain stands for its whole history: a case that was recorded or read
//! under a head is the same case for as long as the database names that head. So nothing here can
//! be out of date. It spares reading a long state again when work on a child goes on.

use super::record::Loaded;
use casework::{AuthorityId, CaseId};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// Most cases kept: at some 10 KB each, a few megabytes.
const CASES_MAX: usize = 512;

static KEPT: LazyLock<Mutex<HashMap<(AuthorityId, CaseId), Loaded>>> = LazyLock::new(Mutex::default);

fn kept() -> MutexGuard<'static, HashMap<(AuthorityId, CaseId), Loaded>> {
    // What a panicking thread leaves is still whole: a case is put in and taken out in one go.
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The case as it was last seen. Whether the database still names its head is for the caller to ask.
pub(super) fn find(authority: AuthorityId, id: CaseId) -> Option<Loaded> {
    kept().get(&(authority, id)).cloned()
}

/// Keeps a case as it is now. When there are too many, all others are let go: those that are worked
/// on come back with their next act.
pub(super) fn keep(loaded: &Loaded) {
    let mut kept = kept();
    if kept.len() >= CASES_MAX {
        kept.clear();
    }
    kept.insert((loaded.case.authority, loaded.case.id), loaded.clone());
}
