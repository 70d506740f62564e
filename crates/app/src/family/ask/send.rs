//! Everything once more, and sending it: one act, however often the button is pressed.

use super::code::Code;
use super::files::FileLine;
use super::journey::{Ask, Asker, Step, first_unfinished, questions};
use super::pages::{NAME, find};
use super::store::{self, Draft, DraftFile};
use crate::assessment::receipts::receipt;
use crate::journal::{Act, By, DocumentRow, ONLINE_FORM, Papers, Text, Told, Who, act};
use crate::uploads::checks;
use crate::web::{Frame, Page, PostedOpenly, Problem, Typed, error_summary, long_date, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::people::facts::{Asking, Fact, Form};
use casework::people::{self, Relation, Setting};
use casework::receipts::SentFile;
use casework::requests::{self, Channel, Source};
use casework::{Case, CaseId, Command, Context, DocumentId, PersonId, PlacementId, Refusal, RequestId, TextId};
use db::Tx;
use jiff::civil::Date;
use uuid::Uuid;

/// The law lets somebody ask for themselves once they are over compulsory school age (section 36(1)).
const TOO_YOUNG: &str = "You can ask for yourself from the end of the school year in which you are 16. \
    Until then a parent or carer, or your school, can ask for you: change who is asking";

/// One answer, and the page where it can be changed.
struct Answer {
    question: &'static str,
    answer: String,
    step: Step,
}

#[derive(Template)]
#[template(path = "family/ask/check.html")]
struct CheckPage {
    code: String,
    summary: govuk::Html,
    answers: Vec<Answer>,
    files: Vec<FileLine>,
    today: String,
}

/// The answers as people read them.
fn answers(typed: &Typed, today: Date, school: String) -> Vec<Answer> {
    let mut shown = Vec::new();
    let mut add = |step, question, answer: String| {
        if !answer.trim().is_empty() {
            shown.push(Answer { question, answer, step });
        }
    };
    let asker = typed.get("asker").parse::<Asker>().map(Asker::label).unwrap_or_default();
    add(Step::You, "Who is asking", asker.to_owned());
    add(Step::You, "Your name", typed.get("your-name").to_owned());
    if typed.get("asker") == "parent" {
        let relation = typed.get("relation").parse::<Relation>().map(Relation::label).unwrap_or_default();
        add(Step::You, "What you are to the child", relation.to_owned());
    }
    for (field, question) in
        [("email", "Email address"), ("telephone", "Telephone number"), ("your-address", "Postal address")]
    {
        add(Step::You, question, typed.get(field).to_owned());
    }
    let names = [typed.get("given-name"), typed.get("family-name")].join(" ");
    add(Step::Child, "Child or young person", names);
    add(Step::Child, "Name used", typed.get("known-as").to_owned());
    let mut problems = crate::web::Problems::default();
    if let Some(born_on) = problems.date(typed, "born-on", "").filter(|born_on| *born_on <= today) {
        add(Step::Child, "Date of birth", long_date(born_on));
    }
    add(Step::Child, "Postcode", typed.get("postcode").to_owned());
    add(Step::School, "School", school);
    for (field, question) in questions() {
        add(Step::Worries, question.label(), typed.get(field).to_owned());
    }
    shown
}

async fn page(app: &App, code: &Code, problem: &Problem) -> Result<Response, Error> {
    let own = code.clone();
    let (draft, files, school) = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.read("ask.check", |tx| -> Result<_, Error> {
                let draft = store::find(tx, &own, now)?;
                let school = match draft.answers.get("school").parse::<u32>() {
                    Ok(urn) => crate::record::store::establishment_name(tx, urn)?,
                    Err(_) if draft.answers.get("school-name").is_empty() => "Not at a school now".to_owned(),
                    Err(_) => draft.answers.get("school-name").to_owned(),
                };
                Ok((draft, store::files(tx, &own)?, school))
            })
        })
        .await?;
    let today = app.clock.today();
    if draft.sent.is_some() {
        return Ok(see_other(&format!("/ask/{code}/receipt")));
    }
    if let Some(step) = first_unfinished(&draft.answers, today) {
        return Ok(see_other(&format!("/ask/{code}/{}", step.path())));
    }
    let view = CheckPage {
        code: code.to_string(),
        summary: error_summary(&problem.errors),
        answers: answers(&draft.answers, today, school),
        files: files.iter().map(FileLine::of).collect(),
        today: long_date(today),
    };
    let page: Page = Frame::public(format!("Check your answers, {NAME}"))
        .back(format!("/ask/{code}/{}", Step::Files.path()), "Back")
        .with_errors(&problem.errors)
        .render(&view)?;
    Ok(page.into_response())
}

pub async fn show(State(app): State<App>, Path(code): Path<Code>) -> Result<Response, Error> {
    page(&app, &code, &Problem::default()).await
}

/// What the questions ask for.
const ASKED: [Fact; 9] = [
    Fact::Parent,
    Fact::Name,
    Fact::KnownAs,
    Fact::BirthDate,
    Fact::Address,
    Fact::School,
    Fact::Account,
    Fact::Tried,
    Fact::HelpAtHome,
];

/// Records the request: a child's record, who asked, what was said and sent, the receipt.
fn record(tx: &mut dyn Tx, app: &App, code: &Code, draft: &Draft, ask: &Ask, files: &[DraftFile]) -> Result<(), Error> {
    let now = app.clock.now();
    let who = Who {
        by: By::System(ONLINE_FORM),
        authority: draft.authority,
        now,
        today: crate::ports::london_time(now).date(),
    };
    let (person, account) = (PersonId(app.ids.next()), TextId(app.ids.next()));
    let mut papers = Papers::texts(vec![Text { id: account, body: ask.words.clone() }]);
    papers.details = Some((person, ask.details.clone()));
    papers.told = Some(Told::on(Form::AskOnline, ask.source().into()));
    let mut commands = vec![Command::People(people::Command::OpenRecord { person, born_on: ask.details.born_on })];
    if let Some(urn) = ask.school {
        commands.push(Command::People(people::Command::JoinSetting {
            placement: PlacementId(app.ids.next()),
            setting: Setting::Establishment(urn),
            from: who.today,
        }));
    }
    if let Some(contact) = ask.contact(PersonId(app.ids.next())) {
        commands.push(Command::People(people::Command::AddContact { person: contact.id, relation: contact.relation }));
        papers.contacts.push(contact);
    }
    let asking = Asking {
        form: Form::AskOnline,
        of: ask.source().into(),
        on: who.today,
        asked: ASKED.to_vec(),
        confirmed: vec![],
    };
    commands.push(Command::People(people::Command::RecordAsking { asking }));
    let mut sent = Vec::new();
    for file in files {
        let document = DocumentId(app.ids.next());
        checks::begin(tx, app, draft.authority, &file.fingerprint)?;
        sent.push(SentFile { document, fingerprint: file.sha256.clone() });
        papers.documents.push(DocumentRow {
            id: document,
            kind: "evidence",
            title: file.title.clone(),
            media_type: file.media_type,
            size_bytes: usize::try_from(file.bytes).unwrap_or(usize::MAX),
            fingerprint: file.fingerprint.clone(),
            made_on: who.today,
            notice: None,
        });
    }
    let receipt = receipt(tx, draft.authority, who.today, &ask.words, sent)?;
    commands.push(Command::Requests(requests::Command::Receive {
        request: RequestId(app.ids.next()),
        received_on: who.today,
        source: ask.source(),
        channel: Channel::Online,
        account: Some(account),
        receipt: Some(receipt),
    }));
    // Each answer is also kept with its question, so that it is not asked again.
    if matches!(ask.source(), Source::Parent | Source::YoungPerson) {
        let mut answers = Vec::new();
        for (question, body) in &ask.answers {
            let id = TextId(app.ids.next());
            papers.texts.push(Text { id, body: body.clone() });
            answers.push((*question, id));
        }
        commands.push(Command::Requests(requests::Command::GiveViews { answers }));
    }
    let case = CaseId(app.ids.next());
    act(tx, &who, case, Act { action: Action::ReceiveRequest, seen: None, commands, papers })?;
    store::sent(tx, code, case, now)
}

/// What the law or the facts have against this request, before anything of it is kept.
fn would_be_taken(draft: &Draft, ask: &Ask, today: Date) -> Result<(), Error> {
    let (context, nobody) = (Context { today, actor: None }, Uuid::nil());
    let mut case = Case::new(draft.authority, CaseId(nobody));
    let open = people::Command::OpenRecord { person: PersonId(nobody), born_on: ask.details.born_on };
    for event in casework::decide(&case, Command::People(open), &context)? {
        case.apply(&event);
    }
    let receive = requests::Command::Receive {
        request: RequestId(nobody),
        received_on: today,
        source: ask.source(),
        channel: Channel::Online,
        account: None,
        receipt: None,
    };
    casework::decide(&case, Command::Requests(receive), &context)?;
    Ok(())
}

/// Records the form as a request, once. Its files are in the store before the request says that it
/// has them; a file that was added meanwhile, on another device, is waited for.
fn send_now(app: &App, code: &Code) -> Result<(), Error> {
    let (now, today) = (app.clock.now(), app.clock.today());
    loop {
        let (draft, files) = app.db.read("ask.ready", |tx| -> Result<_, Error> {
            Ok((store::find(tx, code, now)?, store::files(tx, code)?))
        })?;
        if draft.sent.is_some() {
            return Ok(());
        }
        would_be_taken(&draft, &Ask::read(&draft.answers, today)?, today)?;
        for file in &files {
            app.files.adopt(&file.id.to_string(), &file.fingerprint)?;
        }
        let is_done = app.db.write("ask.send", |tx| -> Result<bool, Error> {
            let draft = store::find(tx, code, now)?;
            // Pressed twice, or on two devices: the first one counts.
            if draft.sent.is_some() {
                return Ok(true);
            }
            if store::files(tx, code)? != files {
                return Ok(false);
            }
            record(tx, app, code, &draft, &Ask::read(&draft.answers, today)?, &files)?;
            Ok(true)
        })?;
        if is_done {
            return Ok(());
        }
    }
}

pub async fn send(
    State(app): State<App>,
    Path(code): Path<Code>,
    PostedOpenly(_): PostedOpenly,
) -> Result<Response, Error> {
    if first_unfinished(&find(&app, &code).await?.answers, app.clock.today()).is_none() {
        let own = code.clone();
        let sent = app.blocking(move |app| send_now(app, &own)).await;
        // In words for somebody who asks; staff are told what to record instead.
        let sent = sent.map_err(|error| match error {
            Error::Refused(Refusal::NotOldEnoughToAsk) => Error::Fields(vec![FieldError::new("form", TOO_YOUNG)]),
            other => other,
        });
        if let Err(error) = sent {
            let page = page(&app, &code, &Problem::of(error)?).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    }
    Ok(see_other(&format!("/ask/{code}")))
}
