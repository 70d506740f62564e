//! How many, how old, with which needs: shaped like Dudley in January 2025.
//!
//! Source: Department for Education, "Education, health and care plans 2025" (Open Government
//! Licence v3.0): counts of plans by age, placement and primary need, years in place, requests by
//! age, the 2024 pipeline.

use casework::codes::Need;

/// Areas of the nation size.
pub const NATION_AREAS: u64 = 153;
/// Plans of the nation size in one area, on average.
pub const NATION_PLANS: usize = 640_000 / 153;
/// Plans and children on record of each size.
pub const SMALL_PLANS: usize = 200;
pub const SMALL_KNOWN: usize = 400;
pub const AREA_PLANS: usize = 6_000;
pub const AREA_RECORDS: usize = 60_000;

/// Plans by age 3 to 24: all plans, then mainstream, special, further education, elsewhere.
pub const BY_AGE: [(i16, [u32; 5]); 19] = [
    (3, [24, 12, 0, 0, 12]),
    (4, [183, 122, 55, 0, 6]),
    (5, [226, 148, 69, 0, 9]),
    (6, [218, 138, 71, 0, 9]),
    (7, [216, 149, 61, 0, 6]),
    (8, [228, 145, 77, 0, 6]),
    (9, [247, 154, 90, 0, 3]),
    (10, [268, 165, 89, 0, 14]),
    (11, [275, 123, 122, 0, 30]),
    (12, [285, 116, 156, 0, 13]),
    (13, [280, 131, 130, 0, 19]),
    (14, [278, 119, 137, 0, 22]),
    (15, [258, 119, 114, 0, 25]),
    (16, [254, 4, 39, 83, 128]),
    (17, [191, 6, 33, 112, 40]),
    (18, [136, 6, 15, 92, 23]),
    (19, [76, 0, 0, 54, 22]),
    (21, [100, 0, 0, 72, 28]),
    (23, [57, 0, 0, 42, 15]),
];

/// Years a plan has been in place, 0 to 10, for every age old enough.
pub const YEARS_IN_PLACE: [u32; 11] = [16, 555, 436, 411, 407, 405, 362, 383, 439, 257, 133];

/// Primary needs of plans up to age 7, and from 8.
pub const NEEDS: [Need; 12] = [
    Need::Asd,
    Need::Slcn,
    Need::Semh,
    Need::Mld,
    Need::Pd,
    Need::Sld,
    Need::Hi,
    Need::Oth,
    Need::Pmld,
    Need::Spld,
    Need::Vi,
    Need::Msi,
];
pub const NEEDS_TO_7: [u32; 12] = [75, 590, 60, 40, 45, 20, 20, 8, 9, 1, 7, 5];
pub const NEEDS_FROM_8: [u32; 12] = [578, 696, 698, 615, 113, 80, 48, 32, 17, 20, 14, 14];

/// Requests in a year for every thousand plans in force: 888 of 3,805.
pub const REQUESTS_PER_THOUSAND_PLANS: usize = 233;
/// Age at request, 2 to 17, of 888 requests.
pub const REQUESTS_BY_AGE: [u32; 16] = [15, 138, 118, 49, 62, 51, 49, 53, 72, 53, 40, 56, 56, 36, 22, 10];

/// In a thousand: decisions to assess among those decided.
pub const ASSESSED: usize = 769;
/// In a thousand: decisions made in six weeks.
pub const DECIDED_IN_SIX_WEEKS: usize = 800;
/// In a thousand: plans issued among those assessed.
pub const ISSUED: usize = 842;
/// In a thousand: plans issued in twenty weeks.
pub const ISSUED_IN_TWENTY_WEEKS: usize = 491;
/// In a thousand: reviews that had a meeting in their year.
pub const REVIEWED: usize = 883;
/// In a thousand: review decisions within four weeks of the meeting.
pub const DECIDED_IN_FOUR_WEEKS: usize = 511;
/// In a thousand: reviews after which the plan was amended.
pub const AMENDED: usize = 578;
/// In a thousand: boys and young men among children with plans.
pub const MALE: usize = 712;
