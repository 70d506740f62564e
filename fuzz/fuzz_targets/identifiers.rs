//! Any text is an identifier that reads back as itself, or a reason why not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use returns::identifiers::{NhsNumber, Ukprn, Uln, Upn, Urn};
use std::{fmt::Debug, fmt::Display, str::FromStr};

fn check<T: FromStr + Display + PartialEq + Debug>(text: &str)
where
    T::Err: Debug + Display,
{
    match text.parse::<T>() {
        Ok(value) => assert_eq!(value.to_string().parse::<T>().expect("its own text"), value),
        Err(reason) => assert!(!reason.to_string().is_empty()),
    }
}

fuzz_target!(|text: &str| {
    check::<Upn>(text);
    check::<NhsNumber>(text);
    check::<Uln>(text);
    check::<Urn>(text);
    check::<Ukprn>(text);
    if let Ok(upn) = Upn::with_check_letter(text) {
        check::<Upn>(upn.as_str());
    }
    let _ = returns::postcode::tidied(text);
});
