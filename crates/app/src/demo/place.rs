//! The area itself: its profile, schools, teams and staff.

use super::{CASELOAD, Size, figures};
use crate::access::{NewUser, add_user, hash_password};
use crate::admin::areas::{Organisation, Profile, add, add_body};
use crate::advice::capacity;
use crate::{App, Error};
use casework::access::Role;
use casework::advice::AdviceKind;
use casework::people::identifiers::Urn;
use casework::{AuthorityId, BodyId, UserId};
use db::Tx;

/// The invented authority code.
pub const CODE: &str = "980";
/// The password of every demo person.
pub const PASSWORD: &str = "alderbourne";
/// A school or college of the area.
#[derive(Debug, Clone)]
pub struct School {
    pub urn: Urn,
    pub name: String,
    pub kind: SchoolKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchoolKind {
    Nursery,
    Primary,
    Secondary,
    Special,
    College,
}

/// What lives are made in.
pub struct Place {
    pub authority: AuthorityId,
    pub schools: Vec<School>,
    pub bodies: Vec<(AdviceKind, BodyId)>,
    pub officers: Vec<UserId>,
    /// The officer of the guided walk.
    pub dev: UserId,
    pub second_reader: UserId,
    /// Jordan and Jordan's mother, who sign in; nobody in areas other than the first.
    pub jordans: Vec<UserId>,
    /// Maya's mother, who reads her draft.
    pub elise: Option<UserId>,
}

impl Place {
    /// A school of this name. The guided walk names a few.
    pub fn school(&self, name: &str) -> Urn {
        let found = self.schools.iter().find(|school| school.name == name);
        found.or(self.schools.first()).expect("every area has schools").urn
    }

    pub fn of_kind(&self, kind: SchoolKind) -> Vec<Urn> {
        self.schools.iter().filter(|school| school.kind == kind).map(|school| school.urn).collect()
    }

    /// The team that gives this kind of advice.
    pub fn body(&self, kind: AdviceKind) -> BodyId {
        let found = self.bodies.iter().find(|(of, _)| *of == kind);
        found.or(self.bodies.first()).expect("every area has teams").1
    }

    /// The health team that knows a child: which of several follows from the day of birth.
    pub fn health(&self, born_on: jiff::civil::Date) -> BodyId {
        let doctors: Vec<BodyId> =
            self.bodies.iter().filter(|(kind, _)| *kind == AdviceKind::Medical).map(|(_, body)| *body).collect();
        match born_on.day() % 5 {
            1 => self.occupational_therapy(),
            2 | 3 => doctors.last().copied().unwrap_or_else(|| self.body(AdviceKind::Medical)),
            _ => self.body(AdviceKind::Medical),
        }
    }

    /// The occupational therapists: the second of the teams that are asked when they are needed.
    pub fn occupational_therapy(&self) -> BodyId {
        let mut others = self.bodies.iter().filter(|(of, _)| *of == AdviceKind::OtherAppropriate);
        others.nth(1).map_or_else(|| self.body(AdviceKind::OtherAppropriate), |(_, body)| *body)
    }
}

fn organisation(name: &str, telephone: &str, email: &str) -> Organisation {
    Organisation {
        name: name.to_owned(),
        telephone: telephone.to_owned(),
        email: email.to_owned(),
        website: "https://www.alderbourne.example".to_owned(),
        address: "Council House, Priory Road, Alderbourne AB1 2CD".to_owned(),
    }
}

fn profile() -> Profile {
    Profile {
        council: organisation("Alderbourne SEND team", "01632 960 100", "send@alderbourne.example"),
        mediation: organisation("Common Ground Mediation", "01632 960 120", "hello@commonground.example"),
        disagreement_resolution: organisation(
            "Common Ground Mediation",
            "01632 960 121",
            "resolve@commonground.example",
        ),
        advice_and_support: organisation("Alderbourne SENDIASS", "01632 960 130", "sendiass@alderbourne.example"),
        health_commissioner: organisation(
            "Vale and Wharf Integrated Care Board",
            "01632 960 140",
            "send@valewharf.example",
        ),
        local_offer: "https://www.alderbourne.example/local-offer".to_owned(),
    }
}

const ADD_SCHOOL: &str = "INSERT INTO establishments (urn, name, authority_code, phase, kind, open, postcode, low_age, high_age, \
    capacity) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";

/// Makes the area of this number; 0 is Alderbourne.
pub(super) fn make(tx: &mut dyn Tx, app: &App, number: u64, size: Size) -> Result<Place, Error> {
    let authority = AuthorityId(app.ids.next());
    let (code, name) = match number {
        0 => (CODE.to_owned(), "Alderbourne".to_owned()),
        n => (format!("{:03}", 700 + n), format!("Invented area {n}")),
    };
    add(tx, authority, &code, &name, &profile())?;
    let schools = schools(tx, number, &code)?;
    let bodies = teams(tx, app, authority)?;
    let plans = match size {
        Size::Small => figures::SMALL_PLANS,
        Size::Area => figures::AREA_PLANS,
        Size::Nation => figures::NATION_PLANS,
    };
    let staff = staff(tx, app, authority, number, plans, &schools, &bodies)?;
    // The psychologists have said what days they have: three days a piece, three people.
    if let Some((_, team)) = bodies.iter().find(|(kind, _)| *kind == AdviceKind::Psychological) {
        capacity::say(tx, (authority, *team), (30, 120), staff.manager, app.clock.now())?;
    }
    Ok(Place {
        authority,
        schools,
        bodies,
        dev: staff.dev,
        second_reader: staff.manager,
        officers: staff.officers,
        jordans: staff.jordans,
        elise: staff.elise,
    })
}

fn schools(tx: &mut dyn Tx, area: u64, code: &str) -> Result<Vec<School>, Error> {
    const FIRST: [&str; 14] = [
        "Hollin Bank",
        "Millbrook",
        "Foundry Lane",
        "St Aldate's",
        "Wharfside",
        "Beacon Hill",
        "Priory Park",
        "Canal Street",
        "Orchard Way",
        "Limekiln",
        "Tollgate",
        "Nailers Green",
        "Glasshouse",
        "Furnace End",
    ];
    /// Kind, how many, what the name ends with, phase, ages.
    type Wanted = (SchoolKind, usize, &'static str, &'static str, (i64, i64));
    let wanted: [Wanted; 5] = [
        (SchoolKind::Primary, 78, "Primary", "Primary", (4, 11)),
        (SchoolKind::Secondary, 20, "Academy", "Secondary", (11, 18)),
        (SchoolKind::Special, 8, "special school", "Not applicable", (3, 19)),
        (SchoolKind::Nursery, 10, "Nursery", "Nursery", (2, 5)),
        (SchoolKind::College, 4, "College", "16 plus", (16, 99)),
    ];
    let mut schools = Vec::new();
    for (kind, count, suffix, phase, (low, high)) in wanted {
        for index in 0..count {
            let first = FIRST[index % FIRST.len()];
            let name = match (kind, index) {
                (SchoolKind::Special, 0) => "Fenwick special school".to_owned(),
                (SchoolKind::College, 0) => "Alderbourne College".to_owned(),
                _ if index < FIRST.len() => format!("{first} {suffix}"),
                _ => format!(
                    "{first} {} {suffix}",
                    ["North", "South", "East", "West", "Upper", "Lower"][index / FIRST.len() % 6]
                ),
            };
            let name = if area == 0 { name } else { format!("{name} ({code})") };
            let urn = 900_001 + u32::try_from(area * 120 + schools.len() as u64).unwrap_or(0);
            let parsed: Urn = urn
                .to_string()
                .parse()
                .map_err(|_| Error::Broken { step: "number a school", cause: format!("{urn} is no URN") })?;
            tx.execute(
                ADD_SCHOOL,
                &[
                    urn.into(),
                    (&name).into(),
                    code.into(),
                    phase.into(),
                    suffix.into(),
                    true.into(),
                    "AB1 2CD".into(),
                    low.into(),
                    high.into(),
                    (if kind == SchoolKind::Secondary { 1_100 } else { 330 }).into(),
                ],
            )?;
            schools.push(School { urn: parsed, name, kind });
        }
    }
    Ok(schools)
}

fn teams(tx: &mut dyn Tx, app: &App, authority: AuthorityId) -> Result<Vec<(AdviceKind, BodyId)>, Error> {
    let wanted = [
        (AdviceKind::Family, "The child's parent or the young person"),
        (AdviceKind::Educational, "Head teacher or principal"),
        (AdviceKind::Psychological, "Educational psychology service"),
        (AdviceKind::Medical, "Community paediatrics, Vale and Wharf NHS"),
        (AdviceKind::SocialCare, "Children's social care, disability team"),
        (AdviceKind::Adulthood, "Preparing for adulthood team"),
        (AdviceKind::OtherAppropriate, "Speech and language therapy, Vale and Wharf NHS"),
        (AdviceKind::OtherAppropriate, "Occupational therapy, Vale and Wharf NHS"),
        (AdviceKind::FamilyRequested, "Sensory support service"),
        (AdviceKind::Medical, "Child and adolescent mental health, Vale and Wharf NHS"),
    ];
    let mut bodies = Vec::new();
    for (kind, name) in wanted {
        let id = BodyId(app.ids.next());
        add_body(tx, authority, id, kind, name, None)?;
        bodies.push((kind, id));
    }
    Ok(bodies)
}

struct Staff {
    dev: UserId,
    manager: UserId,
    officers: Vec<UserId>,
    jordans: Vec<UserId>,
    elise: Option<UserId>,
}

fn staff(
    tx: &mut dyn Tx,
    app: &App,
    authority: AuthorityId,
    area: u64,
    plans: usize,
    schools: &[School],
    bodies: &[(AdviceKind, BodyId)],
) -> Result<Staff, Error> {
    let hash = if area == 0 { Some(hash_password(PASSWORD)?) } else { None };
    let hollin_bank = schools.iter().find(|school| school.name.starts_with("Hollin Bank")).map(|school| school.urn);
    let psychology = bodies.iter().find(|(kind, _)| *kind == AdviceKind::Psychological).map(|(_, id)| *id);
    let mut put = |name: String, role: Role, can_sign_in: bool| -> Result<UserId, Error> {
        let id = UserId(app.ids.next());
        let local = name.to_lowercase().replace("sir ", "").replace(' ', ".");
        let email = match (area, role) {
            (0, Role::Parent | Role::YoungPerson) => format!("{local}@families.example"),
            (0, _) => format!("{local}@alderbourne.example"),
            _ => format!("{local}@area{area}.example"),
        };
        add_user(
            tx,
            authority,
            &NewUser {
                id,
                name,
                email,
                role,
                setting: if role == Role::Setting { hollin_bank } else { None },
                body: if role == Role::Adviser { psychology } else { None },
                password_hash: if can_sign_in { hash.clone() } else { None },
            },
        )?;
        Ok(id)
    };
    let dev = put("Dev Patel".to_owned(), Role::Officer, true)?;
    let manager = put("Helen Ward".to_owned(), Role::Manager, true)?;
    for (name, role) in [
        ("Bea Firth", Role::FrontDoor),
        ("Ruth Deans", Role::Setting),
        ("Marta Lind", Role::Adviser),
        ("Anne Osei", Role::DesignatedClinicalOfficer),
        ("Paul Whelan", Role::DesignatedSocialCareOfficer),
        ("Grace Mbeki", Role::PanelChair),
        ("Tom Reyes", Role::Quality),
        ("Isla Grant", Role::Commissioner),
        ("Nadia Khan", Role::ProgrammeManager),
        ("Sir Owen Price", Role::BoardChair),
        ("Ada Quill", Role::Analyst),
        ("Ines Varga", Role::Auditor),
        ("Sol Archer", Role::Administrator),
    ] {
        put(name.to_owned(), role, true)?;
    }
    let count = (plans / CASELOAD).max(2);
    let mut officers = Vec::new();
    for index in 0..count {
        let given = super::names::GIVEN[(index * 7 + 3) % super::names::GIVEN.len()];
        let family = super::names::FAMILY[(index * 11 + 5) % super::names::FAMILY.len()];
        officers.push(put(format!("{given} {family}"), Role::Officer, false)?);
    }
    let (mut jordans, mut elise) = (Vec::new(), None);
    if area == 0 {
        elise = Some(put("Elise Turner".to_owned(), Role::Parent, true)?);
        for (name, role) in [("Jordan Lee", Role::YoungPerson), ("Mina Lee", Role::Parent)] {
            jordans.push(put(name.to_owned(), role, true)?);
        }
    }
    Ok(Staff { dev, manager, officers, jordans, elise })
}
