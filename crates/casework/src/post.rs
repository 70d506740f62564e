//! Telling people: on which channel, and when it may go.
//!
//! Pure: times are those of the clock on the wall in London, addresses are only known to work or not.
//! What is told is never decided here, and nothing here is about one child.
//!
//! | question | function |
//! |---|---|
//! | on which channel is this person told? | [`channel`] |
//! | when may it go? | [`goes_at`] |
//! | is this a number that texts can be sent to? | [`Mobile`] |

use jiff::ToSpan;
use jiff::civil::{DateTime, Weekday};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// A way to reach somebody.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Channel {
    Email,
    Text,
    Letter,
}

impl Channel {
    pub fn label(self) -> &'static str {
        match self {
            Channel::Email => "Email",
            Channel::Text => "Text message",
            Channel::Letter => "Letter by post",
        }
    }
}

/// How often somebody wants to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Pace {
    AtOnce,
    Daily,
    Weekly,
}

impl Pace {
    pub fn label(self) -> &'static str {
        match self {
            Pace::AtOnce => "Each one at once",
            Pace::Daily => "Once a day, at 5pm",
            Pace::Weekly => "Once a week, on Monday at 9am",
        }
    }
}

/// What a message is about. Every kind has words in `app`, and each is looked at for what it may not say.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// Sent before kinds were kept.
    Earlier,
    SignInCode,
    NumberCode,
    NoticeSent,
    MessageWritten,
    CorrectionAnswered,
    ObjectionAnswered,
    CommentAnswered,
    RightsSoon,
    AdviceAsked,
    DraftToCheck,
    PlanFinal,
    /// A family asks a professional of its own choice.
    AdviceInvited,
    InvitationWithdrawn,
    /// A visit of an adviser is booked, moved or cancelled.
    VisitChanged,
    /// Somebody opened a record in an emergency: to managers and auditors, to the family.
    OpenedInEmergency,
    /// A call, an email or a letter is passed on by the front door.
    ContactPassed,
    CoverBegins,
    PapersAdded,
    FileUnsafe,
    /// A code to show that a new address is one's own.
    AddressCode,
    /// The address that somebody signs in with will change; this can be stopped.
    AddressWillChange,
    AddressChanged,
    /// Somebody can sign in by another way from now on: a number, a passkey.
    WayInAdded,
    /// A program that is told what happens does not answer any more.
    WebhookPaused,
    /// Several of the others in one.
    Digest,
}

impl Kind {
    pub fn label(self) -> &'static str {
        match self {
            Kind::Earlier => "A message",
            Kind::SignInCode => "A code to sign in",
            Kind::NumberCode => "A code to confirm a mobile number",
            Kind::NoticeSent => "The council decided or sent something",
            Kind::MessageWritten => "The council wrote a message",
            Kind::CorrectionAnswered => "What was said to be wrong is answered",
            Kind::ObjectionAnswered => "What is not wanted is answered",
            Kind::CommentAnswered => "A comment on the draft is answered",
            Kind::RightsSoon => "Who decides about the plan will change",
            Kind::AdviceAsked => "Advice is asked for",
            Kind::DraftToCheck => "A draft made from advice waits for a look",
            Kind::PlanFinal => "A plan that advice was used for is final",
            Kind::AdviceInvited => "A family asks for advice itself",
            Kind::InvitationWithdrawn => "A family no longer asks for advice",
            Kind::VisitChanged => "A visit is booked, moved or cancelled",
            Kind::ContactPassed => "A contact is passed on",
            Kind::OpenedInEmergency => "Somebody opened a record in an emergency",
            Kind::PapersAdded => "Papers were added to a record",
            Kind::FileUnsafe => "A file that was sent is unsafe",
            Kind::CoverBegins => "The person who works with the family is away",
            Kind::AddressCode => "A code to confirm a new address",
            Kind::AddressWillChange => "The address for signing in will change",
            Kind::AddressChanged => "The address for signing in has changed",
            Kind::WayInAdded => "Another way to sign in was added",
            Kind::WebhookPaused => "A webhook was paused",
            Kind::Digest => "Several things in one",
        }
    }

    /// Somebody sits and waits for it, and it is of no use later: it knows no quiet hours and no digest.
    pub fn is_code(self) -> bool {
        matches!(self, Kind::SignInCode | Kind::NumberCode | Kind::AddressCode)
    }

    /// It goes to one place and no other, whatever was chosen: it is about that place.
    pub fn keeps_its_channel(self) -> bool {
        self.is_code() || matches!(self, Kind::AddressWillChange | Kind::AddressChanged | Kind::WayInAdded)
    }
}

/// Hours of the day in which nothing comes. They may run over midnight; the same hour twice is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// 0 to 23.
    pub from: i8,
    /// 0 to 23: the first hour that is not quiet.
    pub until: i8,
    /// Emails wait as well, not only texts.
    pub emails: bool,
}

impl Default for Quiet {
    fn default() -> Quiet {
        Quiet { from: 20, until: 8, emails: false }
    }
}

impl Quiet {
    fn is_for(&self, channel: Channel) -> bool {
        match channel {
            Channel::Text => true,
            Channel::Email => self.emails,
            // The post comes when it comes.
            Channel::Letter => false,
        }
    }

    /// Whether this hour of the day is quiet.
    pub fn holds(&self, hour: i8) -> bool {
        if self.from <= self.until {
            self.from <= hour && hour < self.until
        } else {
            hour >= self.from || hour < self.until
        }
    }

    /// The moment itself, or the first one after it that is not quiet.
    fn after(&self, channel: Channel, at: DateTime) -> DateTime {
        if !self.is_for(channel) || !self.holds(at.hour()) {
            return at;
        }
        let end = at.date().at(self.until, 0, 0, 0);
        if end > at { end } else { end.saturating_add(1.day()) }
    }
}

/// What somebody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    pub channel: Channel,
    pub pace: Pace,
    pub quiet: Quiet,
}

impl Default for Wishes {
    fn default() -> Wishes {
        Wishes { channel: Channel::Email, pace: Pace::AtOnce, quiet: Quiet::default() }
    }
}

/// What is known of an address, a number or a place for letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// There is none.
    #[default]
    Missing,
    /// Given, and not yet proved to be theirs.
    Unconfirmed,
    Works,
    /// What was sent there did not arrive.
    Failed,
}

/// How somebody can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reachable {
    pub email: State,
    pub text: State,
    pub letter: State,
}

impl Reachable {
    pub fn of(&self, channel: Channel) -> State {
        match channel {
            Channel::Email => self.email,
            Channel::Text => self.text,
            Channel::Letter => self.letter,
        }
    }
}

/// The channel on which somebody is told: the one they chose, and where that does not work another
/// that does. What has failed is tried again only when there is nothing else.
pub fn channel(wished: Channel, can: Reachable) -> Option<Channel> {
    let order = [wished, Channel::Email, Channel::Text, Channel::Letter];
    let with = |state: State| order.into_iter().find(|channel| can.of(*channel) == state);
    with(State::Works).or_else(|| with(State::Failed))
}

/// Days that a digest has to leave for something that is to be done by a day.
pub const DIGEST_LEAVES_DAYS: i32 = 10;

/// Whether something waits for the digest. What has to be done soon after it does not.
pub fn waits_for_digest(kind: Kind, pace: Pace, now: DateTime, by: Option<jiff::civil::Date>) -> bool {
    if kind.is_code() || pace == Pace::AtOnce {
        return false;
    }
    let leaves = |by| law::calendar::days(digest_after(pace, now).date(), DIGEST_LEAVES_DAYS) <= by;
    by.is_none_or(leaves)
}

/// The next digest of this pace after a moment.
fn digest_after(pace: Pace, now: DateTime) -> DateTime {
    match pace {
        Pace::AtOnce => now,
        Pace::Daily => {
            let today = now.date().at(17, 0, 0, 0);
            if today > now { today } else { today.saturating_add(1.day()) }
        }
        Pace::Weekly => {
            let monday = (0..=7)
                .map(|days| law::calendar::days(now.date(), days).at(9, 0, 0, 0))
                .find(|at| at.weekday() == Weekday::Monday && *at > now);
            monday.unwrap_or(now)
        }
    }
}

/// When it may go: now, with the next digest, or after the quiet hours. `now` and the answer are the
/// clock on the wall in London.
pub fn goes_at(
    kind: Kind,
    channel: Channel,
    wishes: &Wishes,
    now: DateTime,
    by: Option<jiff::civil::Date>,
) -> DateTime {
    if kind.is_code() {
        return now;
    }
    let at = if waits_for_digest(kind, wishes.pace, now, by) { digest_after(wishes.pace, now) } else { now };
    wishes.quiet.after(channel, at)
}

/// A mobile number of the United Kingdom, as carriers take it: `+447700900123`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mobile(String);

/// It is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAMobile;

impl FromStr for Mobile {
    type Err = NotAMobile;

    /// Takes it as people write it: with spaces, brackets and hyphens, with 0, 0044 or +44 in front.
    fn from_str(text: &str) -> Result<Mobile, NotAMobile> {
        let text = text.trim();
        if text.len() > 30 || !text.chars().all(|c| c.is_ascii_digit() || " ()-.+".contains(c)) {
            return Err(NotAMobile);
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let has_plus = text.starts_with('+') || text.starts_with("(+");
        let own = match digits.as_str() {
            other if has_plus => other.strip_prefix("44").map(|own| own.strip_prefix('0').unwrap_or(own)),
            other => other
                .strip_prefix("0044")
                .map(|own| own.strip_prefix('0').unwrap_or(own))
                .or_else(|| other.strip_prefix('0'))
                .or_else(|| other.strip_prefix("44")),
        };
        match own {
            // 070 are personal numbers and 076 pagers (but 07624), to which no text goes.
            Some(own)
                if own.len() == 10
                    && own.starts_with('7')
                    && !own.starts_with("70")
                    && (!own.starts_with("76") || own.starts_with("7624")) =>
            {
                Ok(Mobile(format!("+44{own}")))
            }
            _ => Err(NotAMobile),
        }
    }
}

impl Mobile {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its end, for where the whole of it is nobody's business: "ending 123".
    pub fn ending(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(3)..).unwrap_or_default()
    }
}

impl fmt::Display for Mobile {
    /// As people read it: 07700 900123.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.0.trim_start_matches("+44");
        let (first, second) = own.split_at(own.len().min(4));
        write!(f, "0{first} {second}")
    }
}
