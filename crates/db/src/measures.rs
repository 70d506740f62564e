//! How often each named transaction ran, how it ended and how long it took.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// What is known about one named transaction since the program started.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransactionMeasure {
    /// The name given to `read` or `write`, such as `requests.submit`.
    pub name: &'static str,
    /// How many were asked for, however they ended.
    pub count: u64,
    /// How many ended in a failure of the database, after all retries.
    pub errors: u64,
    /// How many the closure itself turned down (a domain refusal), with the database in good order.
    pub refusals: u64,
    /// How many times one was run again after a conflict.
    pub retries: u64,
    /// Time from call to return, waiting and retries included, in microseconds.
    pub total_micros: u64,
    /// The longest of them, in microseconds.
    pub max_micros: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Kept,
    Refused,
    Failed,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    count: AtomicU64,
    errors: AtomicU64,
    refusals: AtomicU64,
    retries: AtomicU64,
    total_micros: AtomicU64,
    max_micros: AtomicU64,
    /// Moving mean of the time the closure alone takes, in microseconds; 0 until it has run once.
    closure_micros: AtomicU64,
}

impl Counters {
    pub(crate) fn retried(&self) {
        self.retries.fetch_add(1, Relaxed);
    }

    pub(crate) fn ended(&self, took: Duration, ending: Ending) {
        let micros = whole_micros(took);
        self.count.fetch_add(1, Relaxed);
        self.total_micros.fetch_add(micros, Relaxed);
        self.max_micros.fetch_max(micros, Relaxed);
        match ending {
            Ending::Kept => {}
            Ending::Refused => {
                self.refusals.fetch_add(1, Relaxed);
            }
            Ending::Failed => {
                self.errors.fetch_add(1, Relaxed);
            }
        }
    }

    pub(crate) fn closure_took(&self, took: Duration) {
        let micros = whole_micros(took).max(1);
        let before = self.closure_micros.load(Relaxed);
        let mean = if before == 0 { micros } else { before - before / 8 + micros / 8 };
        self.closure_micros.store(mean.max(1), Relaxed);
    }

    /// How long the closure usually takes; `None` until it has run once.
    pub(crate) fn usual_closure_time(&self) -> Option<Duration> {
        match self.closure_micros.load(Relaxed) {
            0 => None,
            micros => Some(Duration::from_micros(micros)),
        }
    }
}

fn whole_micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[derive(Debug, Default)]
pub(crate) struct Measures {
    by_name: RwLock<HashMap<&'static str, Arc<Counters>>>,
}

impl Measures {
    pub(crate) fn of(&self, name: &'static str) -> Arc<Counters> {
        let known = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counters) = known.get(name) {
            return Arc::clone(counters);
        }
        drop(known);
        let mut known = self.by_name.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(name).or_default())
    }

    pub(crate) fn all(&self) -> Vec<TransactionMeasure> {
        let known = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = known
            .iter()
            .map(|(&name, counters)| TransactionMeasure {
                name,
                count: counters.count.load(Relaxed),
                errors: counters.errors.load(Relaxed),
                refusals: counters.refusals.load(Relaxed),
                retries: counters.retries.load(Relaxed),
                total_micros: counters.total_micros.load(Relaxed),
                max_micros: counters.max_micros.load(Relaxed),
            })
            .collect();
        all.sort_by_key(|measure| measure.name);
        all
    }
}
