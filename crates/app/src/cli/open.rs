//! Opening an installation for a command.

use super::{Where, plain};
use crate::App;
use crate::config::{Settings, database_url};
use crate::ports::{
    Carrier, Clock, DemoClock, Files, Ids, KeptMail, KeptTexts, Mail, NoCarrier, NoMail, Notify, Smtp, SystemClock,
    SystemIds,
};
use db::{Database, Migrations};
use std::sync::Arc;

/// The migrations of both engines, inside the binary.
pub fn migrations() -> Migrations {
    db::migrations![
        "0001_an_area_has_people_cases_and_a_journal",
        "0002_families_ask_without_an_account",
        "0003_families_have_accounts",
        "0004_advisers_have_a_queue",
        "0005_advice_is_signed",
        "0006_teams_say_their_capacity",
        "0007_people_sign_in_with_accounts_they_have",
        "0008_programs_read_and_write_with_tokens",
        "0009_held_sends_are_listed",
        "0010_two_records_can_be_one",
        "0011_facts_keep_their_history",
        "0012_files_arrive_in_parts_and_are_checked",
        "0013_people_choose_how_they_are_told",
        "0014_somebody_covers_for_who_is_away",
        "0015_a_lost_address_is_changed_safely",
        "0016_families_invite_professionals_of_their_own",
        "0017_programs_are_told_what_happened",
        "0018_designated_officers_have_lists",
        "0019_webhooks_take_turns",
        "0020_records_are_opened_in_emergencies",
        "0021_contacts_go_somewhere",
    ]
}

/// Opens the database of `place`, brings it up to date, and puts an application around it.
pub(super) fn open(place: &Where, settings: Settings) -> Result<App, String> {
    open_with_ids(place, settings, Arc::new(SystemIds))
}

/// As [`open`], with another source of ids.
pub(super) fn open_with_ids(place: &Where, settings: Settings, ids: Arc<dyn Ids>) -> Result<App, String> {
    std::fs::create_dir_all(&place.dir)
        .map_err(|cause| format!("failed to make the data folder `{}`: {cause}", place.dir.display()))?;
    let url = database_url(place.database.as_deref(), &place.dir);
    let db = Database::open(&url).map_err(|error| plain(&error))?;
    db.migrate(&migrations()).map_err(|error| plain(&error))?;
    crate::journal::list_unlisted(&db).map_err(|error| error.to_string())?;
    let clock: Arc<dyn Clock> = match settings.today {
        Some(day) => Arc::new(DemoClock::on(day)),
        None => Arc::new(SystemClock),
    };
    let notify = match &settings.notify {
        Some(file) => {
            let clock = Arc::clone(&clock);
            Some(Arc::new(Notify::read(file, settings.demo, move || clock.now().as_second())?))
        }
        None => None,
    };
    let mail: Arc<dyn Mail> = match (&settings.mail, &notify) {
        (Some((url, from)), _) => Arc::new(Smtp::new(url, from)?),
        (None, Some(notify)) if notify.has_emails() => Arc::clone(notify) as Arc<dyn Mail>,
        _ if settings.demo => Arc::new(KeptMail),
        _ => Arc::new(NoMail),
    };
    let carrier: Arc<dyn Carrier> = match notify {
        Some(notify) => notify,
        None if settings.demo => Arc::new(KeptTexts),
        None => Arc::new(NoCarrier),
    };
    let folder = place.dir.join("files");
    let files = match place.files.address() {
        Some(address) => Files::in_bucket(folder, &address)?,
        None => Files::in_folder(folder),
    };
    Ok(App { db, clock, ids, files, mail, carrier, settings: Arc::new(settings) })
}
