//! A small pool of connections, opened when first needed and put back when dropped.

use crate::error::Error;
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const WAIT_MAX: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Pool<C> {
    state: Mutex<State<C>>,
    freed: Condvar,
    connections_max: usize,
}

#[derive(Debug)]
struct State<C> {
    idle: Vec<C>,
    /// Idle ones and those in use.
    open: usize,
}

impl<C> Pool<C> {
    pub(crate) fn new(connections_max: usize) -> Self {
        Self { state: Mutex::new(State { idle: Vec::new(), open: 0 }), freed: Condvar::new(), connections_max }
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        // No code of ours can panic half way through a change of the state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection used last comes first, so that its cache is warm and spare ones stay idle.
    pub(crate) fn take(&self, open: impl FnOnce() -> Result<C, Error>) -> Result<Lease<'_, C>, Error> {
        let began = Instant::now();
        let mut state = self.lock();
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(Lease { pool: self, connection: Some(connection) });
            }
            if state.open < self.connections_max {
                state.open += 1;
                drop(state);
                // Counted before it is opened, given back should opening fail.
                let mut lease = Lease { pool: self, connection: None };
                lease.connection = Some(open()?);
                return Ok(lease);
            }
            let Some(left) = WAIT_MAX.checked_sub(began.elapsed()) else {
                return Err(Error::NoFreeConnection {
                    connections: self.connections_max,
                    waited_s: WAIT_MAX.as_secs(),
                });
            };
            state = self.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Closes the connections nobody is using, as after the server was restarted.
    pub(crate) fn close_idle(&self) {
        let mut state = self.lock();
        state.open -= state.idle.len();
        let idle = std::mem::take(&mut state.idle);
        drop(state);
        self.freed.notify_all();
        drop(idle);
    }
}

/// A connection on loan. Put back on drop, also while a panic passes through.
#[derive(Debug)]
pub(crate) struct Lease<'pool, C> {
    pool: &'pool Pool<C>,
    connection: Option<C>,
}

impl<C> Lease<'_, C> {
    /// Closes the connection instead of putting it back.
    pub(crate) fn discard(mut self) {
        self.connection = None;
    }
}

impl<C> Deref for Lease<'_, C> {
    type Target = C;
    fn deref(&self) -> &C {
        self.connection.as_ref().expect("a lease holds its connection until it is dropped")
    }
}

impl<C> DerefMut for Lease<'_, C> {
    fn deref_mut(&mut self) -> &mut C {
        self.connection.as_mut().expect("a lease holds its connection until it is dropped")
    }
}

impl<C> Drop for Lease<'_, C> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        match self.connection.take() {
            Some(connection) => state.idle.push(connection),
            None => state.open -= 1,
        }
        drop(state);
        self.pool.freed.notify_one();
    }
}
