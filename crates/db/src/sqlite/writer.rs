//! The one writing connection and how writers share its commits.

use super::connection::{SqliteConnection, SqliteTx, fault_of, words};
use crate::error::Error;
use crate::measures::{Counters, Ending};
use crate::transaction::{Again, Attempt, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A transaction that usually takes longer commits by itself, so that quick ones never wait for it.
const QUICK: Duration = Duration::from_millis(2);
/// How long the first member of a shared commit may be kept waiting for others to join.
const SHARED_FOR_MAX: Duration = Duration::from_millis(4);
const MEMBERS_MAX: usize = 128;

#[derive(Debug)]
pub(crate) struct Writer {
    seat: Mutex<Seat>,
    /// Threads that want the seat and do not have it yet. While a shared transaction is open and
    /// nobody holds the seat this is never 0: the one who leaves it open has seen somebody waiting,
    /// and whoever takes the seat next either commits or leaves it open by the same rule.
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct Seat {
    connection: SqliteConnection,
    shared: Option<Shared>,
}

/// A SQLite transaction that is open and holds finished work of one or more callers.
#[derive(Debug)]
struct Shared {
    fate: Arc<Fate>,
    members: usize,
    began: Instant,
}

/// Whether a shared commit succeeded, once known.
#[derive(Debug, Default)]
struct Fate {
    kept: Mutex<Option<bool>>,
    known: Condvar,
}

impl Fate {
    fn settle(&self, kept: bool) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        self.known.notify_all();
    }

    fn wait(&self) -> bool {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match *kept {
                Some(kept) => return kept,
                None => kept = self.known.wait(kept).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

impl Seat {
    /// Commits what is open, if anything, and tells everybody who shares it.
    fn commit(&mut self) -> Result<(), Error> {
        let Some(shared) = self.shared.take() else {
            return Ok(());
        };
        let committed = self.connection.run("COMMIT");
        if committed.is_err() && !self.connection.is_idle() {
            // Should even that fail, the next BEGIN fails and says so.
            let _ = self.connection.run("ROLLBACK");
        }
        shared.fate.settle(committed.is_ok());
        committed.map_err(|error| Error::Commit { fault: fault_of(&error), cause: words(&error) })
    }

    /// Throws away what is open and tells everybody who shares it.
    fn abandon(&mut self) {
        if !self.connection.is_idle() {
            // Should that fail, the next BEGIN fails and says so.
            let _ = self.connection.run("ROLLBACK");
        }
        if let Some(shared) = self.shared.take() {
            shared.fate.settle(false);
        }
    }

    /// Opens a transaction, or a savepoint in the one that is open.
    fn enter(&mut self) -> Result<(), rusqlite::Error> {
        if self.shared.is_some() {
            return self.connection.run("SAVEPOINT member");
        }
        self.connection.run("BEGIN IMMEDIATE")?;
        self.shared = Some(Shared { fate: Arc::default(), members: 0, began: Instant::now() });
        Ok(())
    }

    fn is_first(&self) -> bool {
        self.shared.as_ref().is_none_or(|shared| shared.members == 0)
    }

    /// Keeps the member's work in the open transaction.
    fn stay(&mut self) -> Result<(), rusqlite::Error> {
        if !self.is_first() {
            // Fails if the closure ended the transaction itself, by a `COMMIT` of its own.
            self.connection.run("RELEASE member")?;
        }
        if let Some(shared) = &mut self.shared {
            shared.members += 1;
        }
        Ok(())
    }

    /// Undoes the member's work and leaves the others' as it was.
    fn leave(&mut self) {
        if self.is_first() || self.connection.is_idle() {
            // Alone, or SQLite has already undone everything.
            self.abandon();
            return;
        }
        let undone = self.connection.run("ROLLBACK TO member").and_then(|()| self.connection.run("RELEASE member"));
        if undone.is_err() {
            self.abandon();
        }
    }
}

impl Writer {
    pub(crate) fn new(connection: SqliteConnection) -> Self {
        Self { seat: Mutex::new(Seat { connection, shared: None }), waiting: AtomicUsize::new(0) }
    }

    fn take_seat(&self) -> MutexGuard<'_, Seat> {
        self.waiting.fetch_add(1, SeqCst);
        // A closure's panic is caught before it reaches the seat, so the seat is always in order.
        let seat = self.seat.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, SeqCst);
        seat
    }

    pub(crate) fn with_connection<R>(&self, f: impl FnOnce(&mut SqliteConnection) -> R) -> R {
        let mut seat = self.take_seat();
        // A failure concerns those who wait for that commit, and they are told.
        let _ = seat.commit();
        f(&mut seat.connection)
    }

    pub(crate) fn write<T, E: From<Error>>(
        &self,
        alone: bool,
        counters: &Counters,
        f: &mut impl FnMut(&mut dyn Tx) -> Result<T, E>,
    ) -> Attempt<T, E> {
        let quick = !alone && counters.usual_closure_time().is_some_and(|usual| usual < QUICK);
        let mut seat = self.take_seat();
        if !quick {
            // A failure concerns those who wait for that commit, and they are told.
            let _ = seat.commit();
        }
        if let Err(error) = seat.enter() {
            seat.abandon();
            return Attempt::failed(super::begin_failed(&error));
        }

        let began = Instant::now();
        let mut tx = SqliteTx::new(&mut seat.connection);
        let returned = catch_unwind(AssertUnwindSafe(|| f(&mut tx)));
        let doomed = tx.doomed();
        counters.closure_took(began.elapsed());

        let judged = match returned {
            Ok(returned) => Ok(Attempt::judge(returned, doomed)),
            Err(panic) => Err(panic),
        };
        let judged = match judged {
            Ok(Ok(value)) => match seat.stay() {
                Ok(()) => Ok(Ok(value)),
                Err(error) => {
                    seat.abandon();
                    return Attempt::failed(Error::Commit { fault: fault_of(&error), cause: words(&error) });
                }
            },
            undone => {
                seat.leave();
                undone
            }
        };

        // From here on this caller's work is either in the shared transaction or gone from it; what is
        // left is to see that the shared transaction, if one is open, gets committed by somebody.
        let mut fate = None;
        let mut members = 0;
        let mut commit_error = None;
        if let Some(shared) = &seat.shared {
            members = shared.members;
            let share_on = quick
                && members < MEMBERS_MAX
                && shared.began.elapsed() < SHARED_FOR_MAX
                && self.waiting.load(SeqCst) > 0;
            fate = Some(Arc::clone(&shared.fate));
            if !share_on {
                commit_error = seat.commit().err();
            }
        }
        drop(seat);

        let judged = match judged {
            Ok(judged) => judged,
            Err(panic) => resume_unwind(panic),
        };
        let Some(fate) = fate else {
            // Nothing is open any more: this caller's own work was undone.
            return match judged {
                Ok(_) => Attempt::failed(shared_commit_failed()),
                Err(undone) => undone,
            };
        };
        // A refusal, too, waits: it may rest on what an earlier member wrote.
        if fate.wait() {
            return match judged {
                Ok(value) => Attempt::Kept(value),
                Err(undone) => undone,
            };
        }
        match (commit_error, members) {
            (Some(error), 1) => Attempt::failed(error),
            (error, _) => Attempt::Undone {
                error: E::from(error.unwrap_or_else(shared_commit_failed)),
                again: Again::Alone,
                ending: Ending::Failed,
            },
        }
    }
}

fn shared_commit_failed() -> Error {
    Error::Commit { fault: crate::Fault::Busy, cause: crate::Cause::new("a commit shared with other writers failed") }
}
