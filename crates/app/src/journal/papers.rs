//! What is kept beside the journal in the same transaction: names, texts, versions, documents, and
//! the jobs that follow.

use super::designated;
use super::writes::Writes;
use super::{By, Who};
use crate::Error;
use crate::record::facts::said;
use crate::record::names::{keys_of, name_keys};
use casework::people::facts::{Form, Teller, details_told};
use casework::people::{Contact, DetailField, Details};
use casework::{AuthorityId, Case, CaseId, DocumentId, Event, NoticeId, PersonId, TextId, VersionId};
use db::{Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// Free text that an event names by id.
#[derive(Debug, Clone)]
pub struct Text {
    pub id: TextId,
    pub body: String,
}

/// A version of what a plan or an adviser's report says.
#[derive(Debug, Clone)]
pub struct NewVersion {
    pub id: VersionId,
    pub fingerprint: String,
    pub content: String,
}

/// A document whose bytes are already in the file store.
#[derive(Debug, Clone)]
pub struct DocumentRow {
    pub id: DocumentId,
    pub kind: &'static str,
    pub title: String,
    pub media_type: &'static str,
    pub size_bytes: usize,
    pub fingerprint: String,
    pub made_on: Date,
    pub notice: Option<NoticeId>,
}

/// Who said what an act records, and on which form.
#[derive(Debug, Clone)]
pub struct Told {
    pub form: Form,
    pub teller: Teller,
    /// Where it can be read: a letter, a birth certificate, a school's list.
    pub source: Option<String>,
}

impl Told {
    pub fn on(form: Form, teller: Teller) -> Told {
        Told { form, teller, source: None }
    }

    /// What can be said of an act that does not say it itself.
    fn by(who: &Who) -> Told {
        match who.by {
            By::System(super::ONLINE_FORM) => Told::on(Form::AskOnline, Teller::Family),
            By::System(_) => Told::on(Form::EarlierSystem, Teller::Council),
            By::Person(_) => Told::on(Form::Details, Teller::Council),
        }
    }
}

/// A job to run later.
#[derive(Debug, Clone)]
pub struct JobSpec {
    pub id: Uuid,
    pub kind: &'static str,
    pub body: String,
    pub run_at: Timestamp,
}

/// Everything beside the journal that one act writes.
#[derive(Debug, Clone, Default)]
pub struct Papers {
    pub details: Option<(PersonId, Details)>,
    /// Who said the details.
    pub told: Option<Told>,
    pub contacts: Vec<Contact>,
    pub texts: Vec<Text>,
    pub version: Option<NewVersion>,
    pub report: Option<NewVersion>,
    pub documents: Vec<DocumentRow>,
    pub jobs: Vec<JobSpec>,
}

impl Papers {
    /// Papers with texts only.
    pub fn texts(texts: Vec<Text>) -> Papers {
        Papers { texts, ..Papers::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.details.is_none()
            && self.contacts.is_empty()
            && self.texts.is_empty()
            && self.version.is_none()
            && self.report.is_none()
            && self.documents.is_empty()
            && self.jobs.is_empty()
    }
}

const PUT_PERSON: &str = "INSERT INTO people (authority_id, person_id, case_id, given_name, family_name, known_as, born_on, sex, \
    ethnicity, postcode, address, home_language, upn, uln, nhs_number) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
    ON CONFLICT (authority_id, person_id) DO UPDATE SET given_name = excluded.given_name, \
    family_name = excluded.family_name, known_as = excluded.known_as, born_on = excluded.born_on, sex = excluded.sex, \
    ethnicity = excluded.ethnicity, postcode = excluded.postcode, address = excluded.address, \
    home_language = excluded.home_language, upn = excluded.upn, uln = excluded.uln, nhs_number = excluded.nhs_number";
const DROP_NAME_KEYS: &str = "DELETE FROM people_keys WHERE authority_id = $1 AND case_id = $2";
const PUT_NAME_KEY: &str =
    "INSERT INTO people_keys (authority_id, name_key, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
// A name that somebody no longer has stays a key: it finds the child, and shows the name they have.
const PUT_CONTACT_KEY: &str =
    "INSERT INTO contact_keys (authority_id, name_key, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const PUT_CONTACT: &str = "INSERT INTO contacts (authority_id, person_id, case_id, relation, name, organisation, email, telephone, \
    address, receives_notices) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
    ON CONFLICT (authority_id, person_id) DO UPDATE SET relation = excluded.relation, name = excluded.name, \
    organisation = excluded.organisation, email = excluded.email, telephone = excluded.telephone, \
    address = excluded.address, receives_notices = excluded.receives_notices";
const PUT_TEXT: &str = "INSERT INTO texts (authority_id, text_id, case_id, body) VALUES ($1, $2, $3, $4)";
const PUT_VERSION: &str = "INSERT INTO plan_versions (authority_id, version_id, case_id, fingerprint, content, saved_at, saved_by) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const PUT_REPORT: &str = "INSERT INTO report_versions (authority_id, version_id, case_id, fingerprint, content, saved_at, saved_by) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const PUT_DOCUMENT: &str = "INSERT INTO documents (authority_id, document_id, case_id, kind, title, media_type, size_bytes, \
    fingerprint, made_on, notice_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
const PUT_VALUE: &str = "INSERT INTO fact_values (authority_id, case_id, field, version, value, form, teller, source, \
    recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
const PUT_JOB: &str = "INSERT INTO jobs (job_id, authority_id, kind, schema, body, run_at, attempts) \
    VALUES ($1, $2, $3, 1, $4, $5, 0) ON CONFLICT DO NOTHING";

impl Papers {
    /// Adds the rows of these papers of an act that made `case` out of `before`.
    pub(super) fn add_to(self, writes: &mut Writes, case: &Case, who: &Who, before: &Case, events: &[Event]) {
        let (authority, id) = (case.authority, case.id);
        if let Some((person, details)) = self.details {
            add_person(writes, authority, id, person, &details, !before.is_open());
            let told = self.told.unwrap_or_else(|| Told::by(who));
            for field in details_told(before, events) {
                add_value(writes, case, who, (field, &said(field, &details)), &told, before.is_open());
            }
        }
        for contact in self.contacts {
            let relation: &'static str = contact.relation.into();
            for name_key in keys_of([contact.name.as_str()]) {
                writes.add(PUT_CONTACT_KEY, vec![authority.0.into(), name_key.into(), id.0.into()]);
            }
            writes.add(
                PUT_CONTACT,
                vec![
                    authority.0.into(),
                    contact.id.0.into(),
                    id.0.into(),
                    relation.into(),
                    contact.name.into(),
                    contact.organisation.into(),
                    contact.email.into(),
                    contact.telephone.into(),
                    contact.address.into(),
                    contact.receives_notices.into(),
                ],
            );
        }
        for text in self.texts {
            writes.add(PUT_TEXT, vec![authority.0.into(), text.id.0.into(), id.0.into(), text.body.into()]);
        }
        if let Some(version) = &self.version {
            for row in designated::sections(authority, version.id, &version.content) {
                writes.add(designated::ADD_SECTION, row);
            }
        }
        for (statement, version) in [(PUT_VERSION, self.version), (PUT_REPORT, self.report)] {
            let Some(version) = version else { continue };
            writes.add(
                statement,
                vec![
                    authority.0.into(),
                    version.id.0.into(),
                    id.0.into(),
                    version.fingerprint.into(),
                    version.content.into(),
                    who.now.into(),
                    who.user().map(|user| user.0).into(),
                ],
            );
        }
        for document in self.documents {
            writes.add(
                PUT_DOCUMENT,
                vec![
                    authority.0.into(),
                    document.id.0.into(),
                    id.0.into(),
                    document.kind.into(),
                    document.title.into(),
                    document.media_type.into(),
                    i64::try_from(document.size_bytes).unwrap_or(i64::MAX).into(),
                    document.fingerprint.into(),
                    document.made_on.into(),
                    document.notice.map(|notice| notice.0).into(),
                ],
            );
        }
        for job in self.jobs {
            writes.add(PUT_JOB, job.row(authority));
        }
    }
}

impl JobSpec {
    fn row(self, authority: AuthorityId) -> Vec<Value> {
        vec![self.id.into(), authority.0.into(), self.kind.into(), self.body.into(), self.run_at.into()]
    }
}

/// Adds a job to the queue. A second one with the same id is the same job.
pub(crate) fn put_job(tx: &mut dyn Tx, authority: AuthorityId, job: JobSpec) -> Result<(), Error> {
    tx.execute(PUT_JOB, &job.row(authority))?;
    Ok(())
}

/// Adds what a detail is said to be. What nobody ever said has no history.
fn add_value(
    writes: &mut Writes,
    case: &Case,
    who: &Who,
    (field, value): (DetailField, &str),
    told: &Told,
    is_change: bool,
) {
    if value.is_empty() && !is_change {
        return;
    }
    let field: &'static str = field.into();
    writes.add(
        PUT_VALUE,
        vec![
            case.authority.0.into(),
            case.id.0.into(),
            field.into(),
            i64::try_from(case.version).unwrap_or(i64::MAX).into(),
            value.into(),
            told.form.code().into(),
            told.teller.code().into(),
            told.source.clone().into(),
            who.now.into(),
            who.user().map(|user| user.0).into(),
        ],
    );
}

fn add_person(
    writes: &mut Writes,
    authority: AuthorityId,
    case: CaseId,
    person: PersonId,
    details: &Details,
    is_new: bool,
) {
    writes.add(
        PUT_PERSON,
        vec![
            authority.0.into(),
            person.0.into(),
            case.0.into(),
            (&details.given_name).into(),
            (&details.family_name).into(),
            details.known_as.clone().into(),
            details.born_on.into(),
            details.sex.map(|sex| sex.code()).into(),
            details.ethnicity.clone().into(),
            details.postcode.clone().into(),
            details.address.clone().into(),
            details.home_language.clone().into(),
            details.upn.as_ref().map(ToString::to_string).into(),
            details.uln.as_ref().map(ToString::to_string).into(),
            details.nhs_number.as_ref().map(ToString::to_string).into(),
        ],
    );
    if !is_new {
        writes.add(DROP_NAME_KEYS, vec![authority.0.into(), case.0.into()]);
    }
    for name_key in name_keys(details) {
        writes.add(PUT_NAME_KEY, vec![authority.0.into(), name_key.into(), case.0.into()]);
    }
}
