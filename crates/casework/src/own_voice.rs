//! What a child or young person says of themselves, in words, symbols, pictures, sound or film.
//!
//! "About me" is the child's own half of section A (SEND Regulations 2014 regulation 12(1)(a)).
//! Every save is a version with its day, and earlier ones stay readable. For each part the child
//! says who may see it. An outcome of the plan that the young person does not want has to be
//! answered before a plan goes out (Children and Families Act 2014 section 19).

use crate::codes::codes;
use crate::people::not_after_today;
use crate::rights::{self, Decision, Holder, Shared};
use crate::{Case, Context, DocumentId, LineId, ObjectionId, Refusal, TextId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Stars that a child may give to what matters most.
pub const STARS_MAX: usize = 3;

codes! {
    /// The parts of "About me".
    Part {
        Like = "like" => "What I like",
        Matters = "matters" => "What matters to me",
        Helps = "helps" => "What helps me",
        Hard = "hard" => "What is hard for me",
        Hopes = "hopes" => "My hopes",
        Talk = "talk" => "How to talk with me",
    }
}

codes! {
    /// Plain pictures of the product's own, each with its word.
    Symbol {
        Family = "family" => "Family",
        Friends = "friends" => "Friends",
        Animals = "animals" => "Animals",
        Music = "music" => "Music",
        Drawing = "drawing" => "Drawing",
        Games = "games" => "Games",
        Sport = "sport" => "Sport",
        Outside = "outside" => "Being outside",
        Food = "food" => "Food",
        Home = "home" => "Home",
        Work = "work" => "A job",
        Bus = "bus" => "Going by bus",
        Quiet = "quiet" => "Quiet",
        Time = "time" => "More time",
        Break = "break" => "A break",
        Pictures = "pictures" => "Pictures to look at",
        Talk = "talk" => "Talk slowly",
        Help = "help" => "Someone to help",
        Loud = "loud" => "Loud noise",
        Crowds = "crowds" => "Lots of people",
        Change = "change" => "Plans that change",
    }
}

codes! {
    /// Who may see a part.
    Audience {
        Everyone = "everyone" => "Everyone who works with me, and my family",
        NotParents = "not_parents" => "Everyone who works with me, but not my parents",
        Officer = "officer" => "Only my officer at the council",
    }
}

codes! {
    MediaKind {
        Picture = "picture" => "picture",
        Sound = "sound" => "sound recording",
        Film = "film" => "video",
    }
}

codes! {
    /// Whose hands were on the keys.
    Maker {
        Own = "own" => "on their own account",
        WithParent = "with_parent" => "with a parent or carer",
        WithSchool = "with_school" => "with their school or college",
    }
}

/// A picture, a sound or a film of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub document: DocumentId,
    pub kind: MediaKind,
}

impl Media {
    pub fn is_recording(self) -> bool {
        self.kind != MediaKind::Picture
    }
}

impl MediaKind {
    /// By a media type, such as `video/mp4`; nothing for what is neither.
    pub fn of(media_type: &str) -> Option<MediaKind> {
        match media_type.split('/').next() {
            Some("image") => Some(MediaKind::Picture),
            Some("audio") => Some(MediaKind::Sound),
            Some("video") => Some(MediaKind::Film),
            _ => None,
        }
    }
}

/// What one part says, as it was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saying {
    pub part: Part,
    pub words: Option<TextId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<Symbol>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
    pub audience: Audience,
    pub maker: Maker,
    /// Who helped, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helped_by: Option<TextId>,
}

/// One version of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts every save of "About me", from 1.
    pub version: u32,
    pub on: Date,
    pub by: Option<UserId>,
    pub says: Saying,
}

/// An outcome that the young person does not want.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    pub id: ObjectionId,
    pub outcome: LineId,
    pub why: TextId,
    pub on: Date,
    pub answer: Option<ObjectionAnswer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectionAnswer {
    /// The outcome will be changed or taken out.
    pub accepted: bool,
    pub reasons: TextId,
    pub on: Date,
}

/// Everything that the child or young person has said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OwnVoice {
    /// Oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stars: Vec<Part>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objections: Vec<Objection>,
}

/// Someone who wants to read "About me".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Themself,
    Parent,
    /// The officer who has the case.
    Officer,
    Staff,
    /// Everyone at once: a plan, a meeting.
    Meeting,
}

impl OwnVoice {
    pub(crate) fn is_unsaid(&self) -> bool {
        *self == OwnVoice::default()
    }

    /// The part as it stands.
    pub fn latest(&self, part: Part) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.says.part == part)
    }

    /// Number of the last save; 0 when nothing was saved.
    pub fn version(&self) -> u32 {
        self.entries.last().map_or(0, |entry| entry.version)
    }

    pub fn objections_open(&self) -> usize {
        self.objections.iter().filter(|objection| objection.answer.is_none()).count()
    }
}

impl Audience {
    fn lets(self, reader: Reader) -> bool {
        match self {
            Audience::Everyone => true,
            Audience::NotParents => matches!(reader, Reader::Themself | Reader::Officer | Reader::Staff),
            Audience::Officer => matches!(reader, Reader::Themself | Reader::Officer),
        }
    }
}

/// Whether this reader may read this version of a part. What is private now was meant to be so
/// before; what was private then stays so.
pub fn may_read(case: &Case, entry: &Entry, reader: Reader) -> bool {
    let now = case.own_voice.latest(entry.says.part).map_or(entry.says.audience, |latest| latest.says.audience);
    let is_kept = matches!(reader, Reader::Parent | Reader::Meeting)
        && rights::kept_from_parents(case).contains(&Shared::AboutMe);
    !is_kept && entry.says.audience.lets(reader) && now.lets(reader)
}

/// The pictures, sounds and films of this version that this reader may open.
pub fn media<'a>(case: &Case, entry: &'a Entry, reader: Reader) -> impl Iterator<Item = &'a Media> + use<'a> {
    let is_open = may_read(case, entry, reader);
    let no_recordings = matches!(reader, Reader::Parent | Reader::Meeting)
        && rights::kept_from_parents(case).contains(&Shared::Recordings);
    entry.says.media.iter().filter(move |media| is_open && !(no_recordings && media.is_recording()))
}

/// Whether this reader may open a file of "About me", in whichever version it is.
pub fn may_open(case: &Case, document: DocumentId, reader: Reader) -> bool {
    case.own_voice.entries.iter().any(|entry| media(case, entry, reader).any(|known| known.document == document))
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Save a part. `seen` is the version of this part that was on the page; none when there was none.
    Save {
        says: Saying,
        seen: Option<u32>,
    },
    /// Say what matters most.
    Star {
        parts: Vec<Part>,
    },
    /// "Not what I want", of an outcome of the plan or of a draft.
    Object {
        objection: ObjectionId,
        outcome: LineId,
        why: TextId,
    },
    /// They changed their mind.
    TakeBack {
        objection: ObjectionId,
    },
    AnswerObjection {
        objection: ObjectionId,
        accepted: bool,
        reasons: TextId,
        on: Date,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Saved { version: u32, says: Saying, by: Option<UserId>, on: Date },
    Starred { parts: Vec<Part>, on: Date },
    Objected { objection: ObjectionId, outcome: LineId, why: TextId, on: Date },
    TakenBack { objection: ObjectionId, on: Date },
    ObjectionAnswered { objection: ObjectionId, accepted: bool, reasons: TextId, on: Date },
}

/// Whether somebody other than the young person may still help to write: until the rights pass, and
/// afterwards where somebody acts for them.
pub fn may_be_helped(case: &Case, today: Date) -> bool {
    rights::holder(case, today) != Some(Holder::YoungPerson) || rights::acting(case, Decision::Plan).is_some()
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    if !case.is_open() {
        return Err(Refusal::RecordNotOpen);
    }
    let voice = &case.own_voice;
    match command {
        Command::Save { says, seen } => {
            let latest = voice.latest(says.part);
            if says.maker != Maker::Own {
                if !may_be_helped(case, ctx.today) {
                    return Err(Refusal::YoungPersonDecides);
                }
                let was_private = latest.is_some_and(|entry| entry.says.audience != Audience::Everyone);
                if was_private || says.audience != Audience::Everyone {
                    return Err(Refusal::PartIsPrivate);
                }
            }
            if let Some(latest) = latest
                && Some(latest.version) != seen
            {
                return Err(Refusal::PartChanged { on: latest.on });
            }
            let version = voice.version() + 1;
            Ok(vec![Event::Saved { version, says, by: ctx.actor, on: ctx.today }])
        }
        Command::Star { mut parts } => {
            parts.sort_unstable();
            parts.dedup();
            if parts.len() > STARS_MAX {
                return Err(Refusal::TooManyStars);
            }
            Ok(if voice.stars == parts { vec![] } else { vec![Event::Starred { parts, on: ctx.today }] })
        }
        Command::Object { objection, outcome, why } => {
            let is_there =
                |known: &Objection| known.id == objection || (known.outcome == outcome && known.answer.is_none());
            if voice.objections.iter().any(is_there) {
                return Ok(vec![]);
            }
            Ok(vec![Event::Objected { objection, outcome, why, on: ctx.today }])
        }
        Command::TakeBack { objection } => match voice.objections.iter().find(|known| known.id == objection) {
            Some(known) if known.answer.is_none() => Ok(vec![Event::TakenBack { objection, on: ctx.today }]),
            _ => Ok(vec![]),
        },
        Command::AnswerObjection { objection, accepted, reasons, on } => {
            not_after_today(on, ctx)?;
            let found = voice
                .objections
                .iter()
                .find(|known| known.id == objection)
                .ok_or(Refusal::NotOnRecord { what: "outcome that is not wanted" })?;
            match found.answer {
                Some(answer) => Err(Refusal::AlreadyAnswered { on: answer.on }),
                None if on < found.on => Err(Refusal::OutOfOrder { earlier: found.on, later: on }),
                None => Ok(vec![Event::ObjectionAnswered { objection, accepted, reasons, on }]),
            }
        }
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    let voice = &mut case.own_voice;
    match event {
        Event::Saved { version, says, by, on } => {
            voice.entries.push(Entry { version: *version, on: *on, by: *by, says: says.clone() });
        }
        Event::Starred { parts, .. } => voice.stars.clone_from(parts),
        Event::Objected { objection, outcome, why, on } => {
            voice.objections.push(Objection { id: *objection, outcome: *outcome, why: *why, on: *on, answer: None })
        }
        Event::TakenBack { objection, .. } => voice.objections.retain(|known| known.id != *objection),
        Event::ObjectionAnswered { objection, accepted, reasons, on } => {
            if let Some(found) = voice.objections.iter_mut().find(|known| known.id == *objection) {
                found.answer = Some(ObjectionAnswer { accepted: *accepted, reasons: *reasons, on: *on });
            }
        }
    }
}
