//! Telling programs what happened: what they choose from, when a delivery is tried again, when it
//! stops, and where it may never go.
//!
//! What is told is thin: which case, which kind, when. Whoever is told reads the rest with their own
//! rights.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// What an event is about: the first part of its name.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Topic {
    People,
    Requests,
    Advice,
    Plans,
    Placement,
    Reviews,
    Messages,
    OwnVoice,
    Papers,
    Rights,
    Recipients,
    Enquiries,
    Joins,
    Independents,
    Visits,
    Designated,
    BroughtIn,
}

impl Topic {
    pub fn label(self) -> &'static str {
        match self {
            Topic::People => "Details, schools, people around a child, the named officer",
            Topic::Requests => "Requests for an assessment, decisions to assess, letters",
            Topic::Advice => "Advice asked for, written and signed",
            Topic::Plans => "Drafts, comments, final plans",
            Topic::Placement => "Preferences, consultations, what section I names",
            Topic::Reviews => "Reviews and transfers",
            Topic::Messages => "Messages between families and the council",
            Topic::OwnVoice => "What a child says of themselves",
            Topic::Papers => "Papers added to a record",
            Topic::Rights => "Who decides, and what parents see",
            Topic::Recipients => "Sends that were held or let go, copies sent",
            Topic::Enquiries => "Calls, emails and letters that were noted",
            Topic::Joins => "Two records of one child joined or taken apart",
            Topic::Independents => "Professionals whom families invite",
            Topic::Visits => "Visits of advisers",
            Topic::Designated => "What designated officers ask, confirm and record",
            Topic::BroughtIn => "What came from another system",
        }
    }

    /// The topic of an event by its name, such as `requests.received`. Nothing for what no program is told: that
    /// a record was opened in an emergency, and what advisers keep for themselves.
    pub fn of(name: &str) -> Option<Topic> {
        name.split('.').next()?.parse().ok()
    }
}

/// Seconds after which a delivery is tried again: at once, for a night, over a long weekend.
const PAUSES: [i64; 10] = [10, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// When a delivery that failed so many times is tried again; never after the last.
pub fn next_try(attempts: u32) -> Option<SignedDuration> {
    let at = usize::try_from(attempts.checked_sub(1)?).ok()?;
    PAUSES.get(at).copied().map(SignedDuration::from_secs)
}

/// How long a receiver that failed so many times in a row is left alone: an address that is down is
/// not asked once for everything that waits for it.
pub fn breather(failures: u32) -> SignedDuration {
    SignedDuration::from_secs((5_i64 << failures.min(10)).min(3600))
}

/// After so many failures in a row, over so long, nobody is there.
const FAILURES_MAX: u32 = 10;
const FAILING_FOR_MAX: SignedDuration = SignedDuration::from_hours(24);

/// Whether a receiver is paused until a person looks.
pub fn is_given_up(failures: u32, failing_for: SignedDuration) -> bool {
    failures >= FAILURES_MAX && failing_for >= FAILING_FOR_MAX
}

/// Whether this is an address of the open internet: not of this machine, this network, or one that is
/// kept for documents, tests, tunnels or groups.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(four) => is_public_v4(four),
        IpAddr::V6(six) => is_public_v6(six),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    // The special-purpose registry of IANA (RFC 6890), and what is for groups or for nobody.
    !matches!(
        (a, b, c),
        (0 | 10 | 127, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 31, 196)
            | (192, 52, 193)
            | (192, 88, 99)
            | (192, 168, _)
            | (192, 175, 48)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=255, ..)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let part = address.segments();
    let is_global = part[0] & 0xe000 == 0x2000;
    let is_special = match part[0] {
        // Protocols and tunnels of 2001::/23, documents of 2001:db8::/32.
        0x2001 => part[1] < 0x0200 || part[1] == 0x0db8,
        // An address of IPv4 is inside, which may be anybody's.
        0x2002 => true,
        0x3fff => part[1] < 0x1000,
        _ => false,
    };
    is_global && !is_special
}
