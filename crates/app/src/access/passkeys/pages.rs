//! The pages of passkeys. A page holds what the authenticator is asked; a small script of ours hands
//! it over and sends the answer with the page's own form.

use super::party;
use super::store::{self, Owner};
use crate::access::browser::{Arriving, BrowserSecret};
use crate::access::events::{self, Event, Outcome};
use crate::access::reasons::{Part, Reason};
use crate::access::sessions::How;
use crate::access::{SignedIn, address_of, begin_session, find_user_by_id};
use crate::web::{Frame, Page, Posted, PostedOpenly, Session, Typed, error_summary, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    WebauthnError,
};

/// Most characters of a passkey's name.
const NAME_CHARS_MAX: usize = 60;
/// Most passkeys of one person.
const PASSKEYS_MAX: usize = 20;

fn written(value: &impl serde::Serialize) -> Result<serde_json::Value, Error> {
    serde_json::to_value(value).map_err(|cause| Error::Broken { step: "ask a passkey", cause: cause.to_string() })
}

#[derive(Template)]
#[template(path = "access/passkeys/sign_in.html")]
struct SignInPage {
    summary: govuk::Html,
    options: String,
    challenge: Uuid,
}

async fn sign_in_page(app: &App, jar: CookieJar, errors: &[FieldError]) -> Result<(CookieJar, Page), Error> {
    let (browser, jar) = BrowserSecret::of(app, jar);
    let (options, challenge) = app
        .blocking(move |app| {
            let (mut asked, state) = party(app)?.start_discoverable_authentication().map_err(broken)?;
            // A button was pressed: the browser shows its dialog now, not beside a field.
            asked.mediation = None;
            let id = Uuid::from_bytes(crate::ports::random_bytes());
            app.db.write("passkeys.ask", |tx| store::ask(tx, id, &browser, &state, app.clock.now()))?;
            Ok((written(&asked.public_key)?.to_string(), id))
        })
        .await?;
    let view = SignInPage { summary: error_summary(errors), options, challenge };
    let page = Frame::public("Sign in with a passkey").back("/sign-in", "Back").with_errors(errors).render(&view)?;
    Ok((jar, page))
}

fn broken(cause: WebauthnError) -> Error {
    Error::Broken { step: "ask a passkey", cause: cause.to_string() }
}

pub async fn show_sign_in(State(app): State<App>, arriving: Arriving) -> Result<Response, Error> {
    Ok(sign_in_page(&app, arriving.jar, &[]).await?.into_response())
}

/// What a browser sends back: which question it answers, and the answer.
fn answer_of<T: serde::de::DeserializeOwned>(typed: &Typed) -> Option<(Uuid, T)> {
    Some((typed.get("challenge").parse().ok()?, serde_json::from_str(typed.get("answer")).ok()?))
}

pub async fn sign_in(
    State(app): State<App>,
    arriving: Arriving,
    PostedOpenly(typed): PostedOpenly,
) -> Result<Response, Error> {
    let browser = BrowserSecret::find(&app, &arriving.jar);
    let judged = app
        .blocking(move |app| {
            app.db.write("passkeys.sign_in", |tx| -> Result<_, Error> {
                let judged = judge(tx, app, browser.as_ref(), &typed)?;
                if let Err((reason, event)) = &judged {
                    let event = event.clone().because(Part::Passkey.is(*reason));
                    events::note(tx, app, "passkey", Outcome::Refused, event)?;
                }
                Ok(judged)
            })
        })
        .await?;
    match judged {
        Ok(person) => {
            let how = How { way: "passkey".to_owned(), browser: arriving.browser, at_provider: None };
            begin_session(&app, arriving.jar, person, how).await
        }
        Err((reason, _)) => {
            let why = match reason {
                Reason::ChallengeUnknown => "This page was open for too long. Try again",
                _ => "This passkey does not sign in here. Use another one, or sign in another way",
            };
            let (jar, page) = sign_in_page(&app, arriving.jar, &[FieldError::new("use-passkey", why)]).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, jar, page).into_response())
        }
    }
}

/// Whose passkey answered, if it did so well.
fn judge(
    tx: &mut dyn db::Tx,
    app: &App,
    browser: Option<&BrowserSecret>,
    typed: &Typed,
) -> Result<Result<SignedIn, (Reason, Event)>, Error> {
    let now = app.clock.now();
    let wrong = |reason| Ok(Err((reason, Event::default())));
    let (Some(browser), Some((id, answer))) = (browser, answer_of::<PublicKeyCredential>(typed)) else {
        return wrong(Reason::ChallengeUnknown);
    };
    let Some(state) = store::asked::<DiscoverableAuthentication>(tx, id, browser, now)? else {
        return wrong(Reason::ChallengeUnknown);
    };
    let party = party(app)?;
    let Ok((user, credential)) = party.identify_discoverable_authentication(&answer) else {
        return wrong(Reason::PasskeyUnknown);
    };
    let Some((owner, mut passkey)) = store::find(tx, credential)?.filter(|(owner, _)| owner.user.0 == user) else {
        return wrong(Reason::PasskeyUnknown);
    };
    let event = Event::of(owner.authority, owner.user);
    let key = DiscoverableKey::from(&passkey);
    let result = match party.finish_discoverable_authentication_v2(&answer, state, &key) {
        Ok(result) => result,
        Err(WebauthnError::CredentialPossibleCompromise) => return Ok(Err((Reason::PasskeyCopied, event))),
        Err(_) => return Ok(Err((Reason::PasskeyWrong, event))),
    };
    let Some(person) = find_user_by_id(tx, owner.authority, owner.user)? else {
        return Ok(Err((Reason::Left, event)));
    };
    passkey.update_credential(&result);
    store::used(tx, owner, &passkey, now)?;
    Ok(Ok(person))
}

#[derive(Template)]
#[template(path = "access/passkeys/add.html")]
struct AddPage<'a> {
    summary: govuk::Html,
    options: String,
    challenge: Uuid,
    csrf: &'a str,
    suggested: &'a str,
}

async fn add_page(
    app: &App,
    session: &Session,
    arriving: Arriving,
    errors: &[FieldError],
) -> Result<(CookieJar, Page), Error> {
    let (browser, jar) = BrowserSecret::of(app, arriving.jar);
    let (actor, name) = (session.signed_in.actor.clone(), session.signed_in.name.clone());
    let (options, challenge) = app
        .blocking(move |app| {
            let id = Uuid::from_bytes(crate::ports::random_bytes());
            app.db.write("passkeys.ask_new", |tx| -> Result<_, Error> {
                let known = store::of_user(tx, actor.authority, actor.user)?;
                let known = known.into_iter().map(|passkey| passkey.credential).collect();
                let address = address_of(tx, actor.authority, actor.user)?;
                let (asked, state) = party(app)?
                    .start_passkey_registration(actor.user.0, &address, &name, Some(known))
                    .map_err(broken)?;
                store::ask(tx, id, &browser, &state, app.clock.now())?;
                let mut options = written(&asked.public_key)?;
                // It has to be found without an address: the authenticator keeps who it is for.
                options["authenticatorSelection"]["residentKey"] = "required".into();
                options["authenticatorSelection"]["requireResidentKey"] = true.into();
                Ok((options.to_string(), id))
            })
        })
        .await?;
    let view = AddPage {
        summary: error_summary(errors),
        options,
        challenge,
        csrf: &session.csrf,
        suggested: arriving.browser.words(),
    };
    let page = Frame::for_session(session, "Add a passkey")
        .back("/account/sign-in", "Signing in and security")
        .with_errors(errors)
        .render(&view)?;
    Ok((jar, page))
}

pub async fn show_add(State(app): State<App>, session: Session, arriving: Arriving) -> Result<Response, Error> {
    Ok(add_page(&app, &session, arriving, &[]).await?.into_response())
}

pub async fn add(
    State(app): State<App>,
    session: Session,
    arriving: Arriving,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let browser = BrowserSecret::find(&app, &arriving.jar);
    let actor = session.signed_in.actor.clone();
    let name: String = match typed.get("name") {
        "" => arriving.browser.words().to_owned(),
        name => name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect(),
    };
    let added = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("passkeys.add", |tx| -> Result<_, Error> {
                let (Some(browser), Some((id, answer))) = (&browser, answer_of::<RegisterPublicKeyCredential>(&typed))
                else {
                    return Ok(Err("No passkey was made. Try again"));
                };
                let Some(state) = store::asked::<PasskeyRegistration>(tx, id, browser, now)? else {
                    return Ok(Err("This page was open for too long. Try again"));
                };
                if store::of_user(tx, actor.authority, actor.user)?.len() >= PASSKEYS_MAX {
                    return Ok(Err("You have 20 passkeys. Remove one first"));
                }
                let Ok(passkey) = party(app)?.finish_passkey_registration(&answer, &state) else {
                    return Ok(Err("The passkey could not be accepted. Try again, or use another device"));
                };
                let owner = Owner { authority: actor.authority, user: actor.user, passkey: app.ids.next() };
                if !store::add(tx, owner, &name, &passkey, now)? {
                    return Ok(Err("This passkey is here already"));
                }
                let event = Event::of(owner.authority, owner.user);
                events::note(tx, app, "passkey", Outcome::PasskeyAdded, event)?;
                crate::post::way_in_added(tx, app, owner.authority, owner.user, "a passkey")?;
                Ok(Ok(()))
            })
        })
        .await?;
    match added {
        Ok(()) => Ok(see_other("/account/sign-in?done=passkey-added")),
        Err(why) => {
            let (jar, page) = add_page(&app, &session, arriving, &[FieldError::new("use-passkey", why)]).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, jar, page).into_response())
        }
    }
}

pub async fn remove(
    State(app): State<App>,
    session: Session,
    Path(passkey): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    let actor = session.signed_in.actor.clone();
    app.blocking(move |app| {
        app.db.write("passkeys.remove", |tx| -> Result<(), Error> {
            let owner = Owner { authority: actor.authority, user: actor.user, passkey };
            // Pressed twice, it is gone all the same.
            if store::remove(tx, owner)? {
                let event = Event::of(owner.authority, owner.user);
                events::note(tx, app, "passkey", Outcome::PasskeyRemoved, event)?;
            }
            Ok(())
        })
    })
    .await?;
    Ok(see_other("/account/sign-in?done=passkey-removed"))
}
