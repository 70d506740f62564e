//! Who of our people somebody is whom a provider has proved. A role is never taken from a token.

use super::exchange::Proven;
use super::provider::Provider;
use super::settings::Kind;
use crate::access::events::{self, Event, Outcome};
use crate::access::reasons::{Part, Reason, Stopped};
use crate::access::{NewUser, SignedIn, add_user, find_user, is_address_taken, store};
use crate::admin::areas;
use crate::{App, Error};
use casework::access::Role;
use casework::{AuthorityId, UserId};
use db::Tx;
use jiff::Timestamp;

const LINKED: &str = "SELECT authority_id, user_id FROM sign_in_links WHERE subject_hash = $1";
const LINK: &str = "INSERT INTO sign_in_links (subject_hash, authority_id, user_id, provider, linked_at) \
    VALUES ($1, $2, $3, $4, $5)";
const HAS_LINK: &str =
    "SELECT subject_hash FROM sign_in_links WHERE authority_id = $1 AND user_id = $2 AND provider = $3";

/// Why somebody who is who they say is not let in.
pub struct Unknown {
    pub stopped: Stopped,
    pub event: Event,
}

/// The area whose people this provider knows.
pub fn area_of(tx: &mut dyn Tx, provider: &Provider) -> Result<AuthorityId, Error> {
    let found = match &provider.entry.area {
        Some(code) => areas::find(tx, code)?,
        None => events::only_area(tx)?,
    };
    found.ok_or_else(|| Error::Broken {
        step: "find the area of a provider",
        cause: format!("provider `{}` has to name one of the areas here", provider.entry.id),
    })
}

/// The person here: linked before, or known by the address that was checked. A family that is not
/// known gets an account that follows no child yet.
pub fn admit(
    tx: &mut dyn Tx,
    app: &App,
    provider: &Provider,
    proven: &Proven,
) -> Result<Result<SignedIn, Unknown>, Error> {
    let now = app.clock.now();
    let area = area_of(tx, provider)?;
    let mut event = Event {
        authority: Some(area),
        address: proven.email.clone(),
        subject_hash: Some(proven.subject_hash),
        ..Event::default()
    };
    if let Some(row) = tx.find(LINKED, &[proven.subject_hash.into()])? {
        let (authority, user) = (AuthorityId(row.get(0)?), UserId(row.get(1)?));
        event = Event { authority: Some(authority), user: Some(user), ..event };
        let known = store::find_user_by_id(tx, authority, user)?;
        return Ok(fitting(provider, proven, known).map_err(|reason| unknown(reason, event)));
    }
    let Some(email) = proven.email.as_deref().filter(|_| proven.is_email_verified) else {
        return Ok(Err(unknown(Reason::AddressNotVerified, event)));
    };
    let known = find_user(tx, email)?.map(|(person, _)| person).filter(|person| person.actor.authority == area);
    let person = match known {
        Some(person) => person,
        // Somebody who left, or somebody of another area, has the address.
        None if is_address_taken(tx, email)? => return Ok(Err(unknown(Reason::NobodyHere, event))),
        None if provider.entry.kind == Kind::OneLogin => new_family(tx, app, area, proven, email, provider)?,
        None => return Ok(Err(unknown(Reason::NobodyHere, event))),
    };
    event.user = Some(person.actor.user);
    let person = match fitting(provider, proven, Some(person)) {
        Ok(person) => person,
        Err(reason) => return Ok(Err(unknown(reason, event))),
    };
    let key = [person.actor.authority.0.into(), person.actor.user.0.into(), (&provider.entry.id).into()];
    if tx.find(HAS_LINK, &key)?.is_some() {
        return Ok(Err(unknown(Reason::LinkedToAnother, event)));
    }
    link(tx, &person, provider, proven, now)?;
    events::note(tx, app, &provider.entry.id, Outcome::Linked, event)?;
    Ok(Ok(person))
}

fn unknown(reason: Reason, event: Event) -> Unknown {
    let stopped = Part::Access.is(reason);
    Unknown { stopped, event: event.because(stopped) }
}

/// Whether this person may come in this way today.
fn fitting(provider: &Provider, proven: &Proven, person: Option<SignedIn>) -> Result<SignedIn, Reason> {
    let person = person.ok_or(Reason::Left)?;
    if !provider.entry.kind.is_for(person.actor.role) {
        return Err(Reason::RoleDiffers);
    }
    if provider.entry.kind == Kind::Dfe && (proven.school.is_none() || proven.school != person.actor.setting) {
        return Err(Reason::OrganisationDiffers);
    }
    Ok(person)
}

fn link(tx: &mut dyn Tx, person: &SignedIn, provider: &Provider, proven: &Proven, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        LINK,
        &[
            proven.subject_hash.into(),
            person.actor.authority.0.into(),
            person.actor.user.0.into(),
            (&provider.entry.id).into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// An account that follows no child until its owner shows the code of a request.
fn new_family(
    tx: &mut dyn Tx,
    app: &App,
    area: AuthorityId,
    proven: &Proven,
    email: &str,
    provider: &Provider,
) -> Result<SignedIn, Error> {
    let user = NewUser {
        id: UserId(app.ids.next()),
        name: proven.name.clone().unwrap_or_else(|| email.to_owned()),
        email: email.to_owned(),
        role: Role::Parent,
        setting: None,
        body: None,
        password_hash: None,
    };
    add_user(tx, area, &user)?;
    let event = Event { subject_hash: Some(proven.subject_hash), ..Event::of(area, user.id) };
    events::note(tx, app, &provider.entry.id, Outcome::AccountMade, event)?;
    store::find_user_by_id(tx, area, user.id)?.ok_or(Error::NotFound)
}
