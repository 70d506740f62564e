//! The questions, in order, and how their answers become a request.

use crate::Error;
use crate::access::codes::{is_address, plain};
use crate::web::{Choice, Problems, Typed};
use casework::people::identifiers::Urn;
use casework::people::{Contact, Details, Relation};
use casework::requests::Source;
use casework::views::Question;
use casework::{PersonId, people};
use jiff::civil::Date;
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

/// Most characters of one answer in one's own words.
const WORDS_CHARS_MAX: usize = 10_000;

/// One page of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    You,
    Child,
    School,
    Worries,
    Files,
}

impl Step {
    /// Its name in addresses.
    pub fn path(self) -> &'static str {
        self.into()
    }

    pub fn title(self) -> &'static str {
        match self {
            Step::You => "About you",
            Step::Child => "The child or young person",
            Step::School => "School, nursery or college",
            Step::Worries => "What worries you",
            Step::Files => "Anything to show us",
        }
    }

    pub fn next(self) -> Option<Step> {
        Step::iter().skip_while(|step| *step != self).nth(1)
    }

    pub fn before(self) -> Option<Step> {
        Step::iter().take_while(|step| *step != self).last()
    }

    /// The fields that this page asks.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Step::You => &["area", "asker", "your-name", "relation", "email", "telephone", "your-address"],
            Step::Child => {
                &["given-name", "family-name", "known-as", "born-on-day", "born-on-month", "born-on-year", "postcode"]
            }
            Step::School => &["school", "school-name"],
            Step::Worries => &["worries", "tried", "home"],
            Step::Files => &[],
        }
    }

    /// What needs mending on this page.
    pub fn check(self, answers: &Typed, today: Date) -> Result<(), Error> {
        let mut problems = Problems::default();
        match self {
            Step::You => {
                you(answers, &mut problems);
            }
            Step::Child => {
                child(answers, today, &mut problems);
            }
            Step::School => {
                school(answers, &mut problems);
            }
            Step::Worries => {
                self::answers(answers, &mut problems);
            }
            Step::Files => {}
        }
        problems.check()
    }
}

/// Who may ask, as people say it of themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Asker {
    Parent,
    Myself,
    School,
    SomeoneElse,
}

impl Asker {
    pub fn label(self) -> &'static str {
        match self {
            Asker::Parent => "I am a parent or carer",
            Asker::Myself => "I am asking for myself, and I am over 16",
            Asker::School => "I work at the school, nursery or college",
            Asker::SomeoneElse => "I am someone else who knows the child",
        }
    }

    fn source(self) -> Source {
        match self {
            Asker::Parent => Source::Parent,
            Asker::Myself => Source::YoungPerson,
            Asker::School => Source::School,
            Asker::SomeoneElse => Source::Other,
        }
    }

    pub fn choices() -> Vec<Choice> {
        crate::web::choices(Asker::iter(), |asker| <&str>::from(asker).to_owned(), Asker::label)
    }
}

/// The person who asks, and how to reach them.
pub struct You {
    pub asker: Asker,
    pub name: String,
    pub relation: Option<Relation>,
    pub email: Option<String>,
    pub telephone: Option<String>,
    pub address: Option<String>,
}

fn you(answers: &Typed, problems: &mut Problems) -> Option<You> {
    let asker = problems.choice::<Asker>(answers, "asker", "Select who you are");
    let name = problems.text(answers, "your-name", "Enter your name", 200);
    let relation = match asker {
        Some(Asker::Parent) => problems.choice::<Relation>(answers, "relation", "Select what you are to the child"),
        Some(Asker::Myself) | None => None,
        Some(Asker::School) => Some(Relation::SchoolContact),
        Some(Asker::SomeoneElse) => Some(Relation::Other),
    };
    let email = problems.optional(answers, "email", 200);
    if email.as_ref().is_some_and(|email| !is_address(&plain(email))) {
        problems.add("email", "Enter an email address like name@example.com");
    }
    let telephone = problems.optional(answers, "telephone", 40);
    let address = problems.optional(answers, "your-address", 500);
    if email.is_none() && telephone.is_none() && address.is_none() {
        problems.add("email", "Enter an email address, a telephone number or a postal address, so that we can answer");
    }
    Some(You { asker: asker?, name, relation, email, telephone, address })
}

fn child(answers: &Typed, today: Date, problems: &mut Problems) -> Option<Details> {
    crate::record::parse_details(answers, today, problems)
}

/// Where the child goes: a school of the list, a name as typed, or nowhere.
pub enum School {
    Listed(Urn),
    Named(String),
    None,
}

/// The answers of the list that are not a school's number.
pub const NO_SCHOOL: &str = "none";
pub const ANOTHER_SCHOOL: &str = "another";

fn school(answers: &Typed, problems: &mut Problems) -> Option<School> {
    let name = problems.optional(answers, "school-name", 200);
    match answers.get("school") {
        NO_SCHOOL => Some(School::None),
        ANOTHER_SCHOOL | "" => match name {
            Some(name) => Some(School::Named(name)),
            None if answers.get("school").is_empty() => {
                problems.add("school", "Choose the school, or say that there is none");
                None
            }
            None => {
                problems.add("school-name", "Enter the name of the school");
                None
            }
        },
        number => match number.parse() {
            Ok(urn) => Some(School::Listed(urn)),
            Err(_) => {
                problems.add("school", "Choose a school of the list");
                None
            }
        },
    }
}

/// The questions that are answered in one's own words: field, question.
pub fn questions() -> impl Iterator<Item = (&'static str, Question)> {
    Question::iter().filter(|question| question.is_asked_first()).map(|question| (question.code(), question))
}

/// What was said, each answer with its question.
fn answers(typed: &Typed, problems: &mut Problems) -> Vec<(Question, String)> {
    let mut said = Vec::new();
    for (field, question) in questions() {
        let answer = if question == Question::Worries {
            Some(problems.text(typed, field, "Tell us what worries you. A few words are enough", WORDS_CHARS_MAX))
        } else {
            problems.optional(typed, field, WORDS_CHARS_MAX)
        };
        said.extend(answer.map(|answer| (question, answer)));
    }
    said
}

/// The same as one text. The receipt's fingerprint is of this.
fn words(answers: &[(Question, String)]) -> String {
    let said = answers.iter().map(|(question, answer)| format!("{}\n{answer}", question.label()));
    said.collect::<Vec<_>>().join("\n\n")
}

/// All that is needed to record the request.
pub struct Ask {
    pub you: You,
    pub details: Details,
    pub school: Option<Urn>,
    /// What was said, question by question.
    pub answers: Vec<(Question, String)>,
    /// The same and the school, as one text.
    pub words: String,
}

impl Ask {
    /// Reads all answers.
    ///
    /// # Errors
    /// [`Error::Fields`] when a page is not finished.
    pub fn read(answers: &Typed, today: Date) -> Result<Ask, Error> {
        let mut problems = Problems::default();
        let you = you(answers, &mut problems);
        let details = child(answers, today, &mut problems);
        let school = school(answers, &mut problems);
        let said = self::answers(answers, &mut problems);
        problems.check()?;
        let mut words = words(&said);
        let (Some(you), Some(details), Some(school)) = (you, details, school) else {
            return Err(Error::Broken { step: "read a request", cause: "a field passed without a value".into() });
        };
        let urn = match school {
            School::Listed(urn) => Some(urn),
            School::Named(name) => {
                words.push_str(&format!("\n\nSchool\n{name}"));
                None
            }
            School::None => {
                words.push_str("\n\nSchool\nNot at a school now.");
                None
            }
        };
        Ok(Ask { you, details, school: urn, answers: said, words })
    }

    pub fn source(&self) -> Source {
        self.you.asker.source()
    }

    /// The person who asks, as someone around the child; nobody when the child's own self asks.
    pub fn contact(&self, id: PersonId) -> Option<Contact> {
        let relation = self.you.relation?;
        Some(people::Contact {
            id,
            relation,
            name: self.you.name.clone(),
            organisation: None,
            email: self.you.email.clone(),
            telephone: self.you.telephone.clone(),
            address: self.you.address.clone(),
            receives_notices: relation.may_be_parent(),
        })
    }
}

/// The first page that is not finished.
pub fn first_unfinished(answers: &Typed, today: Date) -> Option<Step> {
    Step::iter().find(|step| step.check(answers, today).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 23);

    fn answers(pairs: &[(&str, &str)]) -> Typed {
        Typed::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    const WHOLE: [(&str, &str); 11] = [
        ("asker", "parent"),
        ("your-name", "Amara Okafor"),
        ("relation", "mother"),
        ("email", "amara@example.com"),
        ("given-name", "Sami"),
        ("family-name", "Okafor"),
        ("born-on-day", "14"),
        ("born-on-month", "5"),
        ("born-on-year", "2017"),
        ("school", "none"),
        ("worries", "He cannot follow the lesson."),
    ];

    #[test]
    fn whole_answers_become_a_request() {
        let ask = Ask::read(&answers(&WHOLE), TODAY).expect("nothing is missing");
        assert_eq!(ask.source(), Source::Parent);
        assert_eq!(ask.words, "What worries you?\nHe cannot follow the lesson.\n\nSchool\nNot at a school now.");
        let contact = ask.contact(PersonId(uuid::Uuid::from_u128(1))).expect("a mother is someone around the child");
        assert!(contact.receives_notices);
        assert_eq!(first_unfinished(&answers(&WHOLE), TODAY), None);
    }

    #[test]
    fn what_is_missing_is_found_on_its_page() {
        for (without, step) in [
            ("asker", Step::You),
            ("your-name", Step::You),
            ("relation", Step::You),
            ("email", Step::You),
            ("given-name", Step::Child),
            ("born-on-year", Step::Child),
            ("school", Step::School),
            ("worries", Step::Worries),
        ] {
            let left: Vec<(&str, &str)> = WHOLE.into_iter().filter(|(name, _)| *name != without).collect();
            assert_eq!(first_unfinished(&answers(&left), TODAY), Some(step), "without {without}");
            assert!(Ask::read(&answers(&left), TODAY).is_err(), "without {without}");
        }
    }

    #[test]
    fn whoever_asks_is_who_they_say() {
        for (asker, source, is_contact) in [
            ("parent", Source::Parent, true),
            ("myself", Source::YoungPerson, false),
            ("school", Source::School, true),
            ("someone_else", Source::Other, true),
        ] {
            let mut typed = answers(&WHOLE);
            typed.set("asker", asker);
            let ask = Ask::read(&typed, TODAY).expect("nothing is missing");
            assert_eq!(ask.source(), source);
            assert_eq!(ask.contact(PersonId(uuid::Uuid::from_u128(1))).is_some(), is_contact, "{asker}");
        }
    }

    #[test]
    fn every_field_belongs_to_one_page() {
        let mut all: Vec<&str> = Step::iter().flat_map(Step::fields).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
