//! A picture, sound or film of "About me", to those whom the child lets see it.

use super::{actor, reader};
use crate::journal::{self, authorise};
use crate::record::{case_page, store};
use crate::web::Session;
use crate::{App, Error};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use casework::access::Action;
use casework::{CaseId, DocumentId, own_voice};
use uuid::Uuid;

pub async fn file(
    State(app): State<App>,
    session: Session,
    Path((id, document)): Path<(CaseId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking(move |app| {
        let file = app.db.read("voice.file", |tx| -> Result<_, Error> {
            let loaded = journal::load(tx, who.authority, id)?;
            authorise(&who, Action::SeeAboutMe, &loaded)?;
            if !own_voice::may_open(&loaded.case, DocumentId(document), reader(actor(&who)?, &loaded.case)) {
                return Err(Error::NotFound);
            }
            let all = store::private_files(tx, who.authority, id, store::OWN_VOICE)?;
            all.into_iter().find(|file| file.id == document).ok_or(Error::NotFound)
        })?;
        case_page::give_private(app, &headers, file)
    })
    .await
}
