//! Writes a return, one person at a time, in the form the guide gives.
//!
//! What the year's return does not ask for is left out; before 2024 sex is `GenderCurrent`, and in
//! 2023 the residential and work-based marks stand with the plan. Characters that XML does not
//! allow become spaces, so that what is written can always be read.

use super::{
    names::Item,
    records::{ActivePlan, Assessment, Header, NamedPlan, Officers, Person, Placement, Request, Return, Setting},
};
use std::{
    fmt::Display,
    io::{self, Write},
};

/// A return being written. Nothing is complete until [`Writer::finish`].
pub struct Writer<W> {
    out: W,
    year: i16,
    open: Vec<&'static str>,
    value: String,
}

impl<W: Write> Writer<W> {
    /// Writes the header and what goes before the persons.
    pub fn new(out: W, header: &Header, officers: Officers) -> io::Result<Writer<W>> {
        let mut writer = Writer { out, year: header.year, open: Vec::new(), value: String::new() };
        writer.out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        writer.start(Item::Message)?;
        writer.group(Item::Header, |w| {
            w.group(Item::CollectionDetails, |w| {
                w.item(Item::Collection, Some("SEN2"))?;
                w.item(Item::Year, Some(header.year))?;
                w.item(Item::ReferenceDate, header.reference_date)
            })?;
            w.group(Item::Source, |w| {
                w.item(Item::SourceLevel, header.source_level.as_deref())?;
                w.item(Item::Lea, header.authority)?;
                w.item(Item::SoftwareCode, header.software_code.as_deref())?;
                w.item(Item::Release, header.release.as_deref())?;
                w.item(Item::SerialNo, header.serial_no)?;
                w.item(Item::DateTime, header.written_at)
            })
        })?;
        writer.flag(Item::Dmo, officers.medical)?;
        writer.flag(Item::Dco, officers.clinical)?;
        writer.flag(Item::Dsco, officers.social_care)?;
        writer.start(Item::Persons)?;
        Ok(writer)
    }

    pub fn write_person(&mut self, person: &Person) -> io::Result<()> {
        self.group(Item::Person, |w| {
            w.item(Item::Surname, person.surname.as_deref())?;
            w.item(Item::Forename, person.forename.as_deref())?;
            w.item(Item::PersonBirthDate, person.born_on)?;
            w.sex(person)?;
            w.item(Item::Ethnicity, person.ethnicity)?;
            w.item(Item::PostCode, person.postcode.as_deref())?;
            w.item(Item::Upn, person.upn)?;
            w.item(Item::UniqueLearnerNumber, person.uln)?;
            w.item(Item::UpnUnknown, person.upn_unknown)?;
            person.requests.iter().try_for_each(|request| w.request(request))
        })
    }

    /// The output so far, for a caller that sends it on in parts.
    pub fn output(&mut self) -> &mut W {
        &mut self.out
    }

    /// Ends the return and gives the output back, flushed.
    pub fn finish(mut self) -> io::Result<W> {
        while let Some(name) = self.open.pop() {
            self.indent()?;
            writeln!(self.out, "</{name}>")?;
        }
        self.out.flush()?;
        Ok(self.out)
    }

    fn sex(&mut self, person: &Person) -> io::Result<()> {
        if self.year < 2024 { self.named("GenderCurrent", person.sex) } else { self.item(Item::Sex, person.sex) }
    }

    fn request(&mut self, request: &Request) -> io::Result<()> {
        self.group(Item::Requests, |w| {
            w.item(Item::ReceivedDate, request.received_on)?;
            w.item(Item::RequestSource, request.source)?;
            w.flag(Item::Rya, request.rya)?;
            w.item(Item::RequestOutcomeDate, request.outcome_on)?;
            w.item(Item::RequestOutcome, request.outcome)?;
            w.flag(Item::RequestMediation, request.mediation)?;
            w.flag(Item::RequestTribunal, request.tribunal)?;
            w.item(Item::Exported, request.exported)?;
            request.assessment.iter().try_for_each(|it| w.assessment(it))?;
            request.active.iter().try_for_each(|it| w.active(it))
        })
    }

    fn assessment(&mut self, assessment: &Assessment) -> io::Result<()> {
        self.group(Item::Assessment, |w| {
            w.item(Item::AssessmentOutcome, assessment.outcome)?;
            w.item(Item::AssessmentOutcomeDate, assessment.outcome_on)?;
            w.flag(Item::AssessmentMediation, assessment.mediation)?;
            w.flag(Item::AssessmentTribunal, assessment.tribunal)?;
            w.flag(Item::OtherMediation, assessment.other_mediation)?;
            w.flag(Item::OtherTribunal, assessment.other_tribunal)?;
            w.flag(Item::Week20, assessment.week20_exception)?;
            assessment.named_plan.iter().try_for_each(|it| w.named_plan(it))
        })
    }

    fn named_plan(&mut self, plan: &NamedPlan) -> io::Result<()> {
        self.group(Item::NamedPlan, |w| {
            w.item(Item::StartDate, plan.start_on)?;
            w.item(Item::PlanRes, plan.residential)?;
            w.item(Item::PlanWbp, plan.work_based)?;
            w.flag(Item::PersonalBudget, plan.personal_budget)?;
            w.flag(Item::OrganisedArrangements, plan.organised_arrangements)?;
            w.item(Item::DirectPayments, plan.direct_payments)?;
            w.item(Item::CeaseDate, plan.cease_on)?;
            w.item(Item::CeaseReason, plan.cease_reason)?;
            plan.settings.iter().try_for_each(|setting| w.group(Item::PlanDetail, |w| w.setting(setting)))
        })
    }

    fn setting(&mut self, setting: &Setting) -> io::Result<()> {
        self.item(Item::Urn, setting.urn)?;
        self.item(Item::Ukprn, setting.ukprn)?;
        self.item(Item::SenSetting, setting.other)?;
        self.item(Item::SenSettingOther, setting.other_text.as_deref())?;
        self.item(Item::PlacementRank, setting.rank)?;
        self.flag(Item::SenUnitIndicator, setting.sen_unit)?;
        self.flag(Item::ResourcedProvisionIndicator, setting.resourced_provision)
    }

    fn active(&mut self, active: &ActivePlan) -> io::Result<()> {
        self.group(Item::ActivePlans, |w| {
            w.item(Item::TransferLa, active.transfer_la)?;
            w.item(Item::ReviewMeeting, active.review_meeting_on)?;
            w.item(Item::ReviewOutcome, active.review_outcome)?;
            w.item(Item::LastReview, active.review_decided_on)?;
            w.item(Item::ReviewDraft, active.review_draft_on)?;
            w.item(Item::PhaseTransferDueDate, active.phase_transfer_due_on)?;
            w.item(Item::PhaseTransferFinalDate, active.phase_transfer_final_on)?;
            if let (true, Some(main)) = (w.year < 2024, active.placements.first()) {
                w.item(Item::Res, main.residential)?;
                w.item(Item::Wbp, main.work_based)?;
            }
            active.placements.iter().try_for_each(|it| w.placement(it))?;
            active.needs.iter().try_for_each(|need| {
                w.group(Item::SenNeed, |w| {
                    w.item(Item::SenType, need.need)?;
                    w.item(Item::SenTypeRank, need.rank)
                })
            })
        })
    }

    fn placement(&mut self, placement: &Placement) -> io::Result<()> {
        self.group(Item::PlacementDetail, |w| {
            w.setting(&placement.setting)?;
            w.item(Item::EntryDate, placement.entered_on)?;
            w.item(Item::LeavingDate, placement.left_on)?;
            if w.year >= 2024 {
                w.item(Item::Res, placement.residential)?;
                w.item(Item::Wbp, placement.work_based)?;
            }
            Ok(())
        })
    }

    fn indent(&mut self) -> io::Result<()> {
        for _ in 0..self.open.len() {
            self.out.write_all(b"  ")?;
        }
        Ok(())
    }

    fn start(&mut self, item: Item) -> io::Result<()> {
        self.indent()?;
        writeln!(self.out, "<{}>", item.name())?;
        self.open.push(item.name());
        Ok(())
    }

    fn group(&mut self, item: Item, inside: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.start(item)?;
        inside(self)?;
        self.open.pop();
        self.indent()?;
        writeln!(self.out, "</{}>", item.name())
    }

    fn flag(&mut self, item: Item, value: Option<bool>) -> io::Result<()> {
        self.item(item, value.map(u8::from))
    }

    fn item(&mut self, item: Item, value: Option<impl Display>) -> io::Result<()> {
        if self.year < item.from_year() {
            return Ok(());
        }
        self.named(item.name(), value)
    }

    fn named(&mut self, name: &str, value: Option<impl Display>) -> io::Result<()> {
        use std::fmt::Write as _;
        let Some(value) = value else {
            return Ok(());
        };
        self.value.clear();
        write!(self.value, "{value}").map_err(io::Error::other)?;
        self.indent()?;
        write!(self.out, "<{name}>")?;
        let mut rest = self.value.as_str();
        // Runs of ordinary characters are written at once.
        while let Some(index) = rest.find(|c| escaped(c).is_some()) {
            self.out.write_all(&rest.as_bytes()[..index])?;
            let mut characters = rest[index..].chars();
            if let Some(replacement) = characters.next().and_then(escaped) {
                self.out.write_all(replacement.as_bytes())?;
            }
            rest = characters.as_str();
        }
        self.out.write_all(rest.as_bytes())?;
        writeln!(self.out, "</{name}>")
    }
}

fn escaped(character: char) -> Option<&'static str> {
    match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => Some(" "),
        _ => None,
    }
}

impl Return {
    /// The whole return as a file.
    pub fn to_xml(&self) -> Vec<u8> {
        let write = || {
            let mut writer = Writer::new(Vec::new(), &self.header, self.officers)?;
            self.persons.iter().try_for_each(|person| writer.write_person(person))?;
            writer.finish()
        };
        write().expect("writing to memory does not fail")
    }
}
