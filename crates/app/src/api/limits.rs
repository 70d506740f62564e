//! How many requests a minute: for each token, and for each address that comes without one.
//!
//! A bucket of a minute's requests that fills evenly (GCRA), kept in memory: with several processes
//! each allows as many.

use super::problem::{Code, Problem};
use crate::config::ApiLimits;
use crate::ports::Clock;
use axum::http::{HeaderMap, HeaderValue};
use governor::clock::Clock as Source;
use governor::middleware::{NoOpMiddleware, StateInformationMiddleware};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Addresses remembered before those that have been quiet are forgotten.
const KEPT_MAX: usize = 10_000;
const MINUTE: u64 = 60;

/// The clock that the rest of the program asks, as the limiter reads one.
#[derive(Clone)]
struct Ticks(Arc<dyn Clock>);

impl Source for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.ticks()
    }
}

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, Ticks, StateInformationMiddleware>;

pub struct Limits {
    tokens: Limiter<Uuid>,
    addresses: Limiter<Option<IpAddr>>,
    ticks: Ticks,
    settings: ApiLimits,
}

/// What is left of a minute's requests, for the headers of the answer.
#[derive(Debug, Clone, Copy)]
pub struct Left {
    policy: &'static str,
    quota: u32,
    left: u32,
}

fn limiter<K: Hash + Eq + Clone>(per_minute: std::num::NonZeroU32, ticks: &Ticks) -> Limiter<K> {
    let plain: RateLimiter<K, HashMapStateStore<K>, Ticks, NoOpMiddleware<Duration>> =
        RateLimiter::new(Quota::per_minute(per_minute), HashMapStateStore::default(), ticks.clone());
    plain.with_middleware()
}

impl Limits {
    pub fn new(settings: ApiLimits, clock: Arc<dyn Clock>) -> Limits {
        let ticks = Ticks(clock);
        Limits {
            tokens: limiter(settings.per_token, &ticks),
            addresses: limiter(settings.per_address, &ticks),
            ticks,
            settings,
        }
    }

    /// Takes one of a token's requests.
    ///
    /// # Errors
    /// `too_many_requests` when there is none left.
    pub fn token(&self, token: Uuid) -> Result<Left, (Problem, Left)> {
        self.take(&self.tokens, &token, "token", self.settings.per_token.get())
    }

    /// Takes one of the requests of an address that came without a token.
    ///
    /// # Errors
    /// `too_many_requests` when there is none left.
    pub fn address(&self, address: Option<IpAddr>) -> Result<Left, (Problem, Left)> {
        if self.addresses.len() > KEPT_MAX {
            self.addresses.retain_recent();
        }
        self.take(&self.addresses, &address, "address", self.settings.per_address.get())
    }

    fn take<K: Hash + Eq + Clone>(
        &self,
        limiter: &Limiter<K>,
        key: &K,
        policy: &'static str,
        quota: u32,
    ) -> Result<Left, (Problem, Left)> {
        match limiter.check_key(key) {
            Ok(state) => Ok(Left { policy, quota, left: state.remaining_burst_capacity() }),
            Err(until) => {
                let wait = until.wait_time_from(self.ticks.now());
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Err((Problem::retry_after(Code::TooManyRequests, seconds.max(1)), Left { policy, quota, left: 0 }))
            }
        }
    }
}

impl Left {
    /// The headers of draft-ietf-httpapi-ratelimit-headers: the policy, and what is left of it.
    pub fn add_to(self, headers: &mut HeaderMap) {
        let Left { policy, quota, left } = self;
        let full_in = (u64::from(quota - left.min(quota)) * MINUTE).div_ceil(u64::from(quota));
        let mut set = |name: &'static str, text: String| {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        };
        set("ratelimit-policy", format!("\"{policy}\";q={quota};w={MINUTE}"));
        set("ratelimit", format!("\"{policy}\";r={left};t={full_in}"));
    }
}
