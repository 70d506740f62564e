//! What invented people are drawn from: counts as authorities publish them, and invented names.

use crate::sen2::codes::{CeaseReason, Ethnicity, Need, RequestSource};

/// Where in the process somebody is on census day.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    LongPlan,
    NewPlan,
    MovedIn,
    Ceased,
    Requested,
    Assessing,
    Refused,
    NoPlan,
    Withdrawn,
}

pub(super) const STAGES: &[(Stage, u32)] = &[
    (Stage::LongPlan, 3234),
    (Stage::NewPlan, 521),
    (Stage::MovedIn, 90),
    (Stage::Ceased, 458),
    (Stage::Requested, 106),
    (Stage::Assessing, 240),
    (Stage::Refused, 181),
    (Stage::NoPlan, 98),
    (Stage::Withdrawn, 19),
];

pub(super) const AGES_WITH_PLAN: &[(i16, u32)] = &[
    (3, 24),
    (4, 183),
    (5, 226),
    (6, 218),
    (7, 216),
    (8, 228),
    (9, 247),
    (10, 268),
    (11, 275),
    (12, 285),
    (13, 280),
    (14, 278),
    (15, 258),
    (16, 254),
    (17, 191),
    (18, 136),
    (19, 76),
    (20, 60),
    (21, 45),
    (22, 30),
    (23, 15),
    (24, 7),
];

pub(super) const AGES_AT_REQUEST: &[(i16, u32)] = &[
    (2, 40),
    (3, 138),
    (4, 118),
    (5, 75),
    (6, 60),
    (7, 65),
    (8, 60),
    (9, 62),
    (10, 55),
    (11, 50),
    (12, 45),
    (13, 40),
    (14, 35),
    (15, 25),
    (16, 12),
    (17, 5),
    (18, 3),
];

pub(super) const NEEDS_YOUNG: &[(Need, u32)] = &[
    (Need::Slcn, 520),
    (Need::Asd, 140),
    (Need::Semh, 60),
    (Need::Mld, 40),
    (Need::Pd, 30),
    (Need::Sld, 20),
    (Need::Hi, 14),
    (Need::Pmld, 8),
    (Need::Vi, 6),
    (Need::Msi, 5),
    (Need::Oth, 8),
    (Need::Spld, 3),
];

pub(super) const NEEDS_OLDER: &[(Need, u32)] = &[
    (Need::Semh, 700),
    (Need::Slcn, 600),
    (Need::Mld, 610),
    (Need::Asd, 510),
    (Need::Pd, 128),
    (Need::Sld, 80),
    (Need::Hi, 54),
    (Need::Oth, 32),
    (Need::Pmld, 18),
    (Need::Spld, 18),
    (Need::Vi, 15),
    (Need::Msi, 14),
];

pub(super) const ETHNICITIES: &[(Ethnicity, u32)] = &[
    (Ethnicity::WhiteBritish, 2798),
    (Ethnicity::Pakistani, 225),
    (Ethnicity::WhiteAndBlackCaribbean, 132),
    (Ethnicity::OtherMixed, 91),
    (Ethnicity::OtherGroup, 67),
    (Ethnicity::BlackAfrican, 64),
    (Ethnicity::OtherWhite, 58),
    (Ethnicity::WhiteAndAsian, 54),
    (Ethnicity::Indian, 49),
    (Ethnicity::OtherAsian, 33),
    (Ethnicity::BlackCaribbean, 29),
    (Ethnicity::WhiteAndBlackAfrican, 21),
    (Ethnicity::OtherBlack, 18),
    (Ethnicity::Chinese, 13),
    (Ethnicity::Bangladeshi, 10),
    (Ethnicity::GypsyOrRoma, 7),
    (Ethnicity::WhiteIrish, 6),
    (Ethnicity::IrishTraveller, 2),
    (Ethnicity::Refused, 48),
    (Ethnicity::NotObtained, 80),
];

pub(super) const SOURCES: &[(RequestSource, u32)] = &[
    (RequestSource::Setting, 60),
    (RequestSource::Family, 32),
    (RequestSource::Health, 4),
    (RequestSource::SocialCare, 3),
    (RequestSource::Other, 1),
];

pub(super) const CEASE_REASONS_ADULT: &[(CeaseReason, u32)] = &[
    (CeaseReason::NoLongerEngages, 270),
    (CeaseReason::MovedArea, 30),
    (CeaseReason::Employment, 34),
    (CeaseReason::NeedsMet, 20),
    (CeaseReason::HigherEducation, 15),
];

pub(super) const CEASE_REASONS_CHILD: &[(CeaseReason, u32)] = &[
    (CeaseReason::MovedArea, 60),
    (CeaseReason::NeedsMet, 20),
    (CeaseReason::LeftEngland, 9),
    (CeaseReason::Died, 1),
    (CeaseReason::Other, 1),
];

pub(super) const FORENAMES: [&str; 48] = [
    "Avery", "Idris", "Rowan", "Saffi", "Tamsin", "Zoë", "Bilal", "Corin", "Delyth", "Emrys", "Farah", "Gwil", "Hana",
    "Ines", "Jory", "Kezia", "Leif", "Maren", "Nadir", "Orla", "Perran", "Quilla", "Rafi", "Senna", "Tobin", "Una",
    "Veda", "Wyn", "Xanthe", "Yusra", "Zain", "Aoife", "Bram", "Calla", "Dov", "Eira", "Fenn", "Gita", "Hal", "Isolde",
    "Jai", "Kit", "Lowri", "Milo", "Nell", "Oran", "Pia", "Renn",
];
pub(super) const SURNAME_STARTS: [&str; 32] = [
    "Alder", "Bracken", "Calder", "Dunmere", "Elder", "Fenmar", "Garn", "Hather", "Iver", "Jarrow", "Kelder", "Lind",
    "Marl", "Nether", "Oaken", "Penwith", "Quarn", "Rush", "Sedge", "Thorn", "Ullers", "Vann", "Wether", "Yarrow",
    "O'Quill", "Zell", "Birchen", "Cress", "Dray", "Emmer", "Furze", "Gorse",
];
pub(super) const SURNAME_ENDS: [&str; 20] = [
    "bourne", "combe", "dene", "field", "ford", "garth", "hurst", "ley", "mere", "moor", "rigg", "shaw", "side",
    "stead", "thwaite", "wick", "wold", "worth", "acre", "beck",
];
