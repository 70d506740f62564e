//! Values as JSON has them: days, instants and codes, each described where it is written.

use casework::Stage;
use casework::access::Role;
use casework::advice::AdviceKind;
use casework::codes::{Need, Sex};
use casework::feed::Topic;
use casework::harm::Reason;
use casework::messages::Side;
use casework::notices::{Delivery, Recipient};
use casework::papers::PaperKind;
use casework::people::facts::Fact;
use casework::people::{DetailField, Relation};
use casework::placement::Ground;
use casework::recipients::{Reason as ReleaseReason, Sending, StopKind};
use casework::requests::{Channel, Source};
use casework::reviews::ReviewOutcome;
use casework::tasks::TaskKind;
use jiff::Timestamp;
use jiff::civil::Date;
use law::RuleId;
use law::rulebook::{Kind, Strength};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use strum::IntoEnumIterator;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// What a day looks like, in the years that anything here can happen in.
const DAY: &str = r"^(19|20|21)[0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";

/// A day, such as `2026-11-23`: where the law applies, Europe/London.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub Date);

impl Day {
    fn parse(text: &str) -> Option<Day> {
        let date: Date = text.parse().ok()?;
        // One way of writing it only, and the years of the pattern.
        (date.to_string() == text && (1900..2200).contains(&date.year())).then_some(Day(date))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        Day::parse(&text).ok_or_else(|| D::Error::custom("must be a day, such as 2026-11-23"))
    }
}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        let day = ObjectBuilder::new().schema_type(Type::String).pattern(Some(DAY));
        day.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .description(Some("A day, such as 2026-11-23."))
            .into()
    }
}

impl ToSchema for Day {
    fn name() -> Cow<'static, str> {
        "Day".into()
    }
}

/// A moment, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(pub Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&self.0)
    }
}

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        let instant = ObjectBuilder::new().schema_type(Type::String);
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        instant.format(Some(format)).description(Some("A moment in UTC, such as 2026-11-23T10:00:00Z.")).into()
    }
}

impl ToSchema for Instant {
    fn name() -> Cow<'static, str> {
        "Instant".into()
    }
}

/// A file, in its own media type.
pub struct Bytes;

impl PartialSchema for Bytes {
    fn schema() -> RefOr<Schema> {
        let file = ObjectBuilder::new().schema_type(Type::String);
        file.format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("The bytes of a file."))
            .into()
    }
}

impl ToSchema for Bytes {
    fn name() -> Cow<'static, str> {
        "Bytes".into()
    }
}

fn list(description: &'static str, codes: Vec<String>) -> RefOr<Schema> {
    let list = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes));
    list.description(Some(description)).into()
}

/// Code lists: the name in the description, the type behind it, how all of it is listed, how one is
/// written, and what it is.
macro_rules! code_lists {
    ($($name:ident($inner:ty) = $all:expr, $code:expr, $words:literal;)*) => {$(
        #[doc = $words]
        #[derive(Debug, Clone, Copy)]
        pub struct $name(pub $inner);

        impl $name {
            fn all() -> Vec<$inner> {
                $all.into_iter().collect()
            }

            fn code(code: $inner) -> String {
                let code_of: fn($inner) -> String = $code;
                code_of(code)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(&$name::code(self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let text = String::deserialize(input)?;
                let found = $name::all().into_iter().find(|known| $name::code(*known) == text);
                found.map($name).ok_or_else(|| {
                    let all: Vec<String> = $name::all().into_iter().map($name::code).collect();
                    D::Error::custom(format!("must be one of {}", all.join(", ")))
                })
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                list($words, $name::all().into_iter().map($name::code).collect())
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

fn in_words<T: Into<&'static str>>(code: T) -> String {
    let code: &'static str = code.into();
    code.to_owned()
}

code_lists! {
    StageCode(Stage) = Stage::iter(), in_words, "Where a child’s case stands.";
    RoleCode(Role) = Role::iter(), in_words, "What somebody is employed or appointed to do.";
    SexCode(Sex) = Sex::iter(), |sex| sex.code().to_owned(), "Sex, as the SEN2 return codes it.";
    NeedCode(Need) = Need::iter(), |need| need.code().to_owned(), "A kind of need, as the school census codes it.";
    SourceCode(Source) = Source::iter(), in_words, "Who asked for an assessment.";
    ChannelCode(Channel) = Channel::iter().filter(|channel| *channel != Channel::Imported), in_words, "How a request came.";
    RelationCode(Relation) = Relation::iter(), in_words, "What a person is to the child.";
    ParentCode(Relation) = Relation::iter().filter(|relation| relation.may_be_parent()), in_words,
        "What a parent or carer is to the child.";
    AdviceCode(AdviceKind) = AdviceKind::iter(), in_words, "A kind of advice: a head of regulation 6(1).";
    TaskCode(TaskKind) = TaskKind::iter(), in_words, "Something to be done on a case.";
    ReasonCode(Reason) = Reason::iter(), in_words, "Why a child stands where it does in the day’s list.";
    DetailCode(DetailField) = crate::record::facts::SHOWN, in_words, "A detail of a child.";
    RuleCode(RuleId) = RuleId::ALL.iter().copied(), |rule| rule.as_str().to_owned(), "A rule of the statutory clock.";
    StrengthCode(Strength) = [Strength::Must, Strength::Should, Strength::Derived], strength,
        "How binding a date is: law, guidance, or a planning date.";
    KindCode(Kind) = [Kind::Duty, Kind::Time, Kind::Earliest, Kind::Marker], kind,
        "What sort of date: a duty, a time in which the family may act, the earliest day, a day to know.";
    SideCode(Side) = [Side::Family, Side::Council], side, "Which side wrote a message.";
    DeliveryCode(Delivery) = Delivery::iter(), in_words, "How a letter goes.";
    FactCode(DetailField) = DetailField::iter(), in_words, "A fact of a child.";
    AskedFactCode(Fact) = Fact::iter(), in_words, "Something that forms ask for.";
    GroundCode(Ground) = Ground::iter(), |ground| ground.code().to_owned(), "A ground on which a preference may be refused (section 39(4)).";
    OutcomeCode(ReviewOutcome) = ReviewOutcome::iter(), |outcome| outcome.code().to_owned(), "What was decided after a review.";
    PaperCode(PaperKind) = PaperKind::iter(), in_words, "What a paper is.";
    SendingCode(Sending) = Sending::iter(), in_words, "What would have left.";
    ReleaseCode(ReleaseReason) = ReleaseReason::iter(), |reason| reason.code().to_owned(), "Why a send that was held is right as it stands.";
    StopCode(StopKind) = StopKind::iter(), |kind| kind.code().to_owned(), "Why a send was held.";
    TopicCode(Topic) = Topic::iter(), in_words, "What an event is about: the first part of its name.";
    RecipientCode(Recipient) = Recipient::iter(), in_words, "Who receives a notice.";
}

fn strength(strength: Strength) -> String {
    match strength {
        Strength::Must => "must",
        Strength::Should => "should",
        Strength::Derived => "derived",
    }
    .to_owned()
}

fn kind(kind: Kind) -> String {
    match kind {
        Kind::Duty => "duty",
        Kind::Time => "time",
        Kind::Earliest => "earliest",
        Kind::Marker => "marker",
    }
    .to_owned()
}

fn side(side: Side) -> String {
    match side {
        Side::Family => "family",
        Side::Council => "council",
    }
    .to_owned()
}

/// Text that is there, or none.
pub fn text(text: impl Into<String>) -> Option<String> {
    Some(text.into()).filter(|text| !text.is_empty())
}
