//! Keys of names for records that were made before there were such keys.

use crate::record::names::name_keys;
use crate::record::store;
use crate::{App, Error};
use casework::AuthorityId;
use uuid::Uuid;

/// Gives names that were recorded before there were such keys their keys.
pub(crate) const COMPLETE_KEYS: &str = "names.keys";

/// Children whose keys are made in one transaction.
const BATCH: i64 = 500;
const NEXT_PEOPLE: &str = "SELECT person_id, case_id, given_name, family_name, known_as, born_on, sex, ethnicity, postcode, \
    address, home_language, upn, uln, nhs_number FROM people WHERE authority_id = $1 AND person_id > $2 \
    ORDER BY person_id LIMIT $3";
const ADD_KEY: &str =
    "INSERT INTO people_keys (authority_id, name_key, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

/// Makes the keys of every child of an area. Safe to repeat.
///
/// # Errors
/// When the database fails.
pub(crate) fn complete(app: &App, authority: AuthorityId) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let last = app.db.write("names.keys", |tx| -> Result<Option<Uuid>, Error> {
            let mut last = None;
            for row in tx.query(NEXT_PEOPLE, &[authority.0.into(), after.into(), BATCH.into()])? {
                let case: Uuid = row.get("case_id")?;
                for key in name_keys(&store::details(&row)?) {
                    tx.execute(ADD_KEY, &[authority.0.into(), key.into(), case.into()])?;
                }
                last = Some(row.get("person_id")?);
            }
            Ok(last)
        })?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}
