//! The time of day, and the day in Europe/London that duties are counted in.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

/// A source of time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Today where the law applies.
    fn today(&self) -> Date {
        london_day(self.now())
    }

    /// Time since some moment that does not move: for what is measured and not dated. It runs on
    /// where the day stands still.
    fn ticks(&self) -> Duration {
        static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
        STARTED.elapsed()
    }
}

/// The civil date in Europe/London at an instant.
pub fn london_day(at: Timestamp) -> Date {
    at.to_zoned_datetime(london()).date()
}

/// The date and time in Europe/London at an instant.
pub(crate) fn london_time(at: Timestamp) -> DateTime {
    at.to_zoned_datetime(london()).datetime()
}

/// The instant at which clocks in London show this. An hour that is skipped in spring is the one after
/// it; of the two in autumn it is the first.
pub(crate) fn london_timestamp(at: DateTime) -> Timestamp {
    at.to_zoned_datetime(london()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

fn london() -> TimeZone {
    TimeZone::get("Europe/London").expect("the time zone database is built into the binary")
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port that everything else asks")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A demo's clock: always the same day, starting at ten in the morning, with time running so that
/// what is done later is recorded later. It stops a second before midnight.
pub struct DemoClock {
    opens_at: Timestamp,
    started_at: Timestamp,
}

impl DemoClock {
    pub fn on(day: Date) -> DemoClock {
        DemoClock { opens_at: at(day, 10), started_at: SystemClock.now() }
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        let elapsed = SystemClock.now().duration_since(self.started_at);
        let limit = self.opens_at + (14 * 3600 - 1).seconds();
        (self.opens_at + elapsed).min(limit)
    }
}

/// Nine in the morning of a day in London: when a demo's working days begin.
pub(crate) fn morning(day: Date) -> Timestamp {
    at(day, 9)
}

/// The first moment after a day in London. The clocks change later in the night.
pub(crate) fn end_of(day: Date) -> Timestamp {
    at(law::calendar::days(day, 1), 0)
}

fn at(day: Date, hour: i8) -> Timestamp {
    day.at(hour, 0, 0, 0)
        .to_zoned_datetime(london())
        .expect("whole hours of the day and midnight exist on every day in London")
        .timestamp()
}

/// A clock that stands still until it is moved.
pub struct FixedClock {
    now: Mutex<Timestamp>,
}

impl FixedClock {
    /// Ten in the morning of `day`.
    pub fn on(day: Date) -> FixedClock {
        FixedClock { now: Mutex::new(at(day, 10)) }
    }

    /// Moves on by some time.
    pub fn advance(&self, by: jiff::SignedDuration) {
        *self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += by;
    }

    /// Moves to ten in the morning of another day.
    pub fn move_to(&self, day: Date) {
        *self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = at(day, 10);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn ticks(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.now().as_microsecond()).unwrap_or_default())
    }
}
