//! Changing a plan's content: what was typed on a section's page becomes lines.
//!
//! Nothing here reads or writes; a page loads the working version, changes it, and saves the result
//! as the next version.

use crate::web::{Choice, Fields, Problems, Typed, choices};
use crate::{Error, FieldError};
use casework::LineId;
use casework::plans::content::{
    AdulthoodArea, AppendedAdvice, BroadArea, CareNeedLine, Citation, Content, NeedLine, OutcomeLine, ProvisionLine,
    Section,
};
use govuk::Html;
use strum::IntoEnumIterator;

const TEXT_CHARS_MAX: usize = 10_000;
const VIEWS_CHARS_MAX: usize = 50_000;
const SHORT_CHARS_MAX: usize = 300;
/// Most lines of one section.
const LINES_MAX: usize = 200;

/// One line as a section's page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The last part of the line's address.
    pub key: String,
    /// "B1"; empty for section K.
    pub number: String,
    pub text: String,
    /// Small facts about it: area, who, how often, what it meets.
    pub facts: Vec<(&'static str, String)>,
}

impl Shown {
    /// The text with who, how often, how long and by when, for reading beside another. Links to
    /// other lines are left out: each plan numbers its own.
    pub fn whole(&self) -> String {
        const SAID: [&str; 4] = ["Who", "How often", "How long", "By when"];
        let facts = self.facts.iter().filter(|(what, _)| SAID.contains(what));
        let end = if self.text.trim_end().ends_with(['.', '!', '?', ':', ';']) { "" } else { "." };
        facts.fold(format!("{}{end}", self.text.trim_end()), |whole, (what, value)| {
            format!("{whole} {what}: {}.", value.trim_end_matches('.'))
        })
    }

    /// What a page about this line is called: its number, or what it says where lines have none.
    pub fn name(&self) -> &str {
        if self.number.is_empty() { &self.text } else { &self.number }
    }
}

/// The lines of a section, in order. Sections A and J are texts and have none.
pub(crate) fn lines(content: &Content, section: Section) -> Vec<Shown> {
    let number = |id: LineId| content.number(id).unwrap_or_default();
    let source = |citation: &Option<Citation>| {
        citation.as_ref().map(|c| match c.page {
            Some(page) => format!("{}, page {page}", c.report),
            None => c.report.clone(),
        })
    };
    let facts = |facts: Vec<(&'static str, String)>| -> Vec<(&'static str, String)> {
        facts.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect()
    };
    let care = |line: &CareNeedLine| Shown {
        key: line.id.to_string(),
        number: number(line.id),
        text: line.text.clone(),
        facts: facts(vec![("From", source(&line.citation).unwrap_or_default())]),
    };
    match section {
        Section::A | Section::J => vec![],
        Section::B => content
            .needs
            .iter()
            .map(|line| Shown {
                key: line.id.to_string(),
                number: number(line.id),
                text: line.text.clone(),
                facts: facts(vec![
                    ("Area", line.area.label().to_owned()),
                    ("From", source(&line.citation).unwrap_or_default()),
                ]),
            })
            .collect(),
        Section::C => content.health_needs.iter().map(care).collect(),
        Section::D => content.social_care_needs.iter().map(care).collect(),
        Section::E => content
            .outcomes
            .iter()
            .map(|line| Shown {
                key: line.id.to_string(),
                number: number(line.id),
                text: line.text.clone(),
                facts: facts(vec![("By when", line.by.clone())]),
            })
            .collect(),
        Section::F | Section::G | Section::H1 | Section::H2 => section
            .provision()
            .into_iter()
            .flat_map(|kind| content.provision_of(kind))
            .map(|line| Shown {
                key: line.id.to_string(),
                number: number(line.id),
                text: line.text.clone(),
                facts: facts(vec![
                    ("Who", line.who.clone()),
                    ("How often", line.how_often.clone()),
                    ("How long", line.how_long.clone()),
                    ("Meets", content.numbers(&line.needs)),
                    ("Works towards", content.numbers(&line.outcomes)),
                    ("From", source(&line.citation).unwrap_or_default()),
                ]),
            })
            .collect(),
        Section::K => content
            .advice
            .iter()
            .map(|advice| Shown {
                key: advice_key(advice),
                number: String::new(),
                text: advice.kind.clone(),
                facts: facts(vec![("From", advice.from.clone()), ("Date", advice.dated.clone())]),
            })
            .collect(),
    }
}

/// Section K's entries have no id: what they say is what they are.
fn advice_key(advice: &AppendedAdvice) -> String {
    let whole = [&advice.kind, &advice.from, &advice.dated].map(String::as_str).join("\n");
    blake3::hash(whole.as_bytes()).to_hex().as_str().chars().take(16).collect()
}

/// What a line says, whichever section it is in.
pub(crate) fn said(content: &Content, line: LineId) -> Option<Shown> {
    lines(content, section_of(content, line)?).into_iter().find(|shown| shown.key == line.to_string())
}

/// Which section a line is in.
pub(crate) fn section_of(content: &Content, line: LineId) -> Option<Section> {
    Section::iter().find(|section| lines(content, *section).iter().any(|shown| shown.key == line.to_string()))
}

fn find<T>(lines: &[T], key: &str, key_of: impl Fn(&T) -> String) -> Option<usize> {
    lines.iter().position(|line| key_of(line) == key)
}

/// Said when two people write and a line is no longer there.
const GONE: &str = "This line was taken out meanwhile. Nothing was changed. Add it again if it is needed.";

/// What a change of a line that is gone answers: the form again, with what was typed.
pub(crate) fn gone(error: Error) -> Error {
    match error {
        Error::NotFound => Error::Fields(vec![FieldError::new("form", GONE)]),
        other => other,
    }
}

/// The lines of advice that a line was made from, which no form shows and none may lose.
fn made_from<T>(lines: &[T], id: LineId, of: impl Fn(&T) -> (LineId, &Vec<LineId>)) -> Vec<LineId> {
    lines.iter().map(of).find(|(line, _)| *line == id).map(|(_, from)| from.clone()).unwrap_or_default()
}

/// Why a provision may not stand in H1 or H2 as it is: the two are separate duties, and each provision
/// belongs to one of them (Children and Families Act 2014 section 37(2)(f) and (g)).
fn merges(content: &Content, section: Section, text: &str) -> Option<String> {
    let other = match section {
        Section::H1 => Section::H2,
        Section::H2 => Section::H1,
        _ => return None,
    };
    let said = text.to_uppercase();
    let words: Vec<&str> = said.split(|letter: char| !letter.is_alphanumeric()).collect();
    if words.contains(&"H1") && words.contains(&"H2") {
        return Some("H1 and H2 are not one section. Enter what is H1 in H1, and the rest in H2".to_owned());
    }
    let there = other.provision().into_iter().flat_map(|kind| content.provision_of(kind));
    let mut there = there.map(|line| line.text.to_uppercase());
    let is_there = there.any(|line| line.split_whitespace().eq(said.split_whitespace()));
    is_there.then(|| format!("This stands in {} already. It belongs to one of the two: say which", other.letter()))
}

/// Takes a line out of its list.
fn take<T>(lines: &mut Vec<T>, key: &str, key_of: impl Fn(&T) -> String) -> Result<(), Error> {
    let index = find(lines, key, key_of).ok_or(Error::NotFound)?;
    lines.remove(index);
    Ok(())
}

/// Puts a line in its place: at the end when it is new.
fn put_line<T>(lines: &mut Vec<T>, key: Option<&str>, line: T, key_of: impl Fn(&T) -> String) -> Result<(), Error> {
    match key {
        Some(key) => {
            let index = find(lines, key, key_of).ok_or(Error::NotFound)?;
            lines[index] = line;
        }
        None if lines.len() >= LINES_MAX => {
            return Err(Error::BadRequest(format!("A section can have {LINES_MAX} lines at most.")));
        }
        None => lines.push(line),
    }
    Ok(())
}

/// Changes a section by what was typed: the whole of sections A and J, one line of the others.
/// `key` is the line's; none for a new one, which gets `new_id`.
///
/// # Errors
/// [`Error::Fields`] with what needs mending; [`Error::NotFound`] when the line is gone.
pub(crate) fn put(
    content: &mut Content,
    section: Section,
    key: Option<&str>,
    new_id: LineId,
    typed: &Typed,
) -> Result<(), Error> {
    let mut problems = Problems::default();
    let id = match key {
        Some(key) => key.parse().unwrap_or(new_id),
        None => new_id,
    };
    let own = |line: LineId| line.to_string();
    match section {
        Section::A => {
            let views = problems.optional(typed, "views", VIEWS_CHARS_MAX).unwrap_or_default();
            let involve = problems.optional(typed, "how-to-involve", TEXT_CHARS_MAX).unwrap_or_default();
            problems.check()?;
            content.views = views;
            content.how_to_involve = involve;
        }
        Section::J => {
            let text = problems.optional(typed, "text", TEXT_CHARS_MAX).unwrap_or_default();
            problems.check()?;
            content.direct_payments = text;
        }
        Section::B => {
            let area = problems.choice::<BroadArea>(typed, "area", "Select the area of need");
            let text = problems.text(typed, "text", "Enter the need", TEXT_CHARS_MAX);
            let citation = citation(typed, &mut problems);
            problems.check()?;
            let area = area.ok_or(Error::NotFound)?;
            let from = made_from(&content.needs, id, |line| (line.id, &line.from));
            put_line(&mut content.needs, key, NeedLine { id, area, text, citation, from }, |line| own(line.id))?;
        }
        Section::C | Section::D => {
            let text = problems.text(typed, "text", "Enter the need", TEXT_CHARS_MAX);
            let citation = citation(typed, &mut problems);
            problems.check()?;
            let place = if section == Section::C { &mut content.health_needs } else { &mut content.social_care_needs };
            let from = made_from(place, id, |line| (line.id, &line.from));
            put_line(place, key, CareNeedLine { id, text, citation, from }, |line| own(line.id))?;
        }
        Section::E => {
            let text = problems.text(typed, "text", "Enter the outcome", TEXT_CHARS_MAX);
            let by = problems.optional(typed, "by", SHORT_CHARS_MAX).unwrap_or_default();
            let adulthood = typed.get("adulthood").parse().ok();
            problems.check()?;
            let from = made_from(&content.outcomes, id, |line| (line.id, &line.from));
            put_line(&mut content.outcomes, key, OutcomeLine { id, text, by, adulthood, from }, |line| own(line.id))?;
        }
        Section::F | Section::G | Section::H1 | Section::H2 => {
            let kind = section.provision().ok_or(Error::NotFound)?;
            let text = problems.text(typed, "text", "Enter what will be provided", TEXT_CHARS_MAX);
            let mut short = |name| problems.optional(typed, name, SHORT_CHARS_MAX).unwrap_or_default();
            let (who, how_often, how_long) = (short("who"), short("how-often"), short("how-long"));
            let citation = citation(typed, &mut problems);
            if let Some(why) = merges(content, section, &text) {
                problems.add("text", why);
            }
            problems.check()?;
            let ticked = |name: &str, known: &[Choice]| -> Vec<LineId> {
                known.iter().filter(|(id, _)| typed.has(name, id)).filter_map(|(id, _)| id.parse().ok()).collect()
            };
            let needs = ticked("needs", &need_choices(content, section));
            let outcomes = ticked("outcomes", &outcome_choices(content));
            let from = made_from(&content.provision, id, |line| (line.id, &line.from));
            let line = ProvisionLine { id, kind, text, who, how_often, how_long, needs, outcomes, citation, from };
            put_line(&mut content.provision, key, line, |line| own(line.id))?;
        }
        Section::K => {
            let kind = problems.text(typed, "text", "Enter what kind of advice it is", SHORT_CHARS_MAX);
            let from = problems.text(typed, "from", "Enter who gave it", SHORT_CHARS_MAX);
            let dated = problems.optional(typed, "dated", SHORT_CHARS_MAX).unwrap_or_default();
            problems.check()?;
            put_line(&mut content.advice, key, AppendedAdvice { kind, from, dated }, advice_key)?;
        }
    }
    Ok(())
}

/// Takes a line out, and out of every line that points at it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such line.
pub(crate) fn remove(content: &mut Content, section: Section, key: &str) -> Result<(), Error> {
    let own = |line: LineId| line.to_string();
    match section {
        Section::A | Section::J => return Err(Error::NotFound),
        Section::B => take(&mut content.needs, key, |line| own(line.id))?,
        Section::C => take(&mut content.health_needs, key, |line| own(line.id))?,
        Section::D => take(&mut content.social_care_needs, key, |line| own(line.id))?,
        Section::E => take(&mut content.outcomes, key, |line| own(line.id))?,
        Section::F | Section::G | Section::H1 | Section::H2 => take(&mut content.provision, key, |line| own(line.id))?,
        Section::K => take(&mut content.advice, key, advice_key)?,
    }
    for line in &mut content.provision {
        line.needs.retain(|need| need.to_string() != key);
        line.outcomes.retain(|outcome| outcome.to_string() != key);
    }
    Ok(())
}

fn citation(typed: &Typed, problems: &mut Problems) -> Option<Citation> {
    let report = problems.optional(typed, "report", SHORT_CHARS_MAX * 2);
    let page = match typed.get("page") {
        "" => None,
        text => {
            let page = text.parse().ok().filter(|page| (1..10_000).contains(page));
            if page.is_none() {
                problems.add("page", "The page must be a number, such as 4");
            }
            page
        }
    };
    if page.is_some() && report.is_none() {
        problems.add("report", "Select the report that the page is in");
    }
    report.map(|report| Citation { report, page })
}

/// What is shown in the fields of a section or of one of its lines.
///
/// # Errors
/// [`Error::NotFound`] when there is no such line.
pub(crate) fn values(content: &Content, section: Section, key: Option<&str>) -> Result<Typed, Error> {
    let mut typed = Typed::default();
    match section {
        Section::A => {
            typed.set("views", content.views.clone());
            typed.set("how-to-involve", content.how_to_involve.clone());
        }
        Section::J => typed.set("text", content.direct_payments.clone()),
        _ => {}
    }
    let Some(key) = key else {
        return Ok(typed);
    };
    let shown = lines(content, section).into_iter().find(|line| line.key == key).ok_or(Error::NotFound)?;
    typed.set("text", shown.text);
    let id: Option<LineId> = key.parse().ok();
    let mut cite = |citation: &Option<Citation>| {
        if let Some(citation) = citation {
            typed.set("report", citation.report.clone());
            typed.set("page", citation.page.map(|page| page.to_string()).unwrap_or_default());
        }
    };
    if let Some(line) = content.needs.iter().find(|line| Some(line.id) == id) {
        cite(&line.citation);
        typed.set("area", line.area.code());
    } else if let Some(line) =
        content.health_needs.iter().chain(&content.social_care_needs).find(|line| Some(line.id) == id)
    {
        cite(&line.citation);
    } else if let Some(line) = content.outcomes.iter().find(|line| Some(line.id) == id) {
        typed.set("by", line.by.clone());
        typed.set("adulthood", line.adulthood.map(AdulthoodArea::code).unwrap_or_default());
    } else if let Some(line) = content.provision.iter().find(|line| Some(line.id) == id) {
        cite(&line.citation);
        typed.set("who", line.who.clone());
        typed.set("how-often", line.how_often.clone());
        typed.set("how-long", line.how_long.clone());
        for need in &line.needs {
            typed.add("needs", need.to_string());
        }
        for outcome in &line.outcomes {
            typed.add("outcomes", outcome.to_string());
        }
    } else if let Some(advice) = content.advice.iter().find(|advice| advice_key(advice) == key) {
        typed.set("from", advice.from.clone());
        typed.set("dated", advice.dated.clone());
    }
    Ok(typed)
}

/// "B1 Needs extra time to take in spoken words…", short enough for a box to tick.
pub(crate) fn brief(number: Option<String>, text: &str) -> String {
    const CHARS: usize = 90;
    let text = text.trim();
    let cut: String = text.chars().take(CHARS).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("{} {cut}{more}", number.unwrap_or_default())
}

fn need_choices(content: &Content, section: Section) -> Vec<Choice> {
    let care = match section {
        Section::G => content.health_needs.as_slice(),
        Section::H1 | Section::H2 => content.social_care_needs.as_slice(),
        _ => &[],
    };
    let needs = content.needs.iter().map(|line| (line.id, &line.text));
    needs
        .chain(care.iter().map(|line| (line.id, &line.text)))
        .map(|(id, text)| (id.to_string(), brief(content.number(id), text)))
        .collect()
}

fn outcome_choices(content: &Content) -> Vec<Choice> {
    content.outcomes.iter().map(|line| (line.id.to_string(), brief(content.number(line.id), &line.text))).collect()
}

fn report_choices(content: &Content, now: &str) -> Vec<Choice> {
    let mut reports: Vec<String> =
        content.advice.iter().map(|advice| super::draft::called(&advice.kind, &advice.from)).collect();
    if !now.is_empty() && !reports.iter().any(|report| report == now) {
        reports.push(now.to_owned());
    }
    reports.into_iter().map(|report| (report.clone(), report)).collect()
}

/// The fields of a section's text or of one of its lines. What has no reports, a report itself,
/// asks for none.
pub(crate) fn fields(section: Section, f: Fields<'_>, content: &Content) -> Html {
    let mut html = Html::default();
    let cited = |html: &mut Html| {
        let reports = report_choices(content, f.typed.get("report"));
        if reports.is_empty() {
            return;
        }
        html.push(f.select("report", "Which report says so?", "The reports listed in section K", &reports));
        html.push(f.short("page", "Page", ""));
    };
    match section {
        Section::A => {
            html.push(f.area(
                "views",
                "Views, interests and aspirations",
                "In the child’s and the family’s own words where you can. Say who is speaking",
                12,
            ));
            html.push(f.area(
                "how-to-involve",
                "How to talk with the child and involve them",
                "What helps them say what they think",
                5,
            ));
        }
        Section::J => html.push(f.area(
            "text",
            "Personal budget and direct payments",
            "What was asked for and agreed, and what it pays for. Leave blank when nothing was asked for",
            6,
        )),
        Section::B => {
            let areas = choices(BroadArea::iter(), |area| area.code().to_owned(), BroadArea::label);
            html.push(f.radios("area", "Area of need", "", &areas));
            html.push(f.area("text", "The need", "What the child finds hard, what they do well, and how it shows", 5));
            cited(&mut html);
        }
        Section::C | Section::D => {
            html.push(f.area("text", "The need", "", 5));
            cited(&mut html);
        }
        Section::E => {
            html.push(f.area(
                "text",
                "The outcome",
                "What the child will be able to do that they cannot do now, so that anyone can tell whether it was reached",
                4,
            ));
            html.push(f.text("by", "By when", "For example, by the end of year 6"));
            let areas = choices(AdulthoodArea::iter(), |area| area.code().to_owned(), AdulthoodArea::label);
            html.push(f.select("adulthood", "Which part of adult life does it prepare for?", "From Year 9", &areas));
        }
        Section::F | Section::G | Section::H1 | Section::H2 => {
            html.push(f.area(
                "text",
                "What will be provided",
                "Specific enough that anyone can tell whether it was given",
                5,
            ));
            html.push(f.text("who", "Who gives it", "For example, a speech and language therapist"));
            html.push(f.text("how-often", "How often", "For example, twice a week in term time"));
            html.push(f.text("how-long", "How long", "For example, 30 minutes each time"));
            let needs = need_choices(content, section);
            if !needs.is_empty() {
                html.push(f.checkboxes("needs", "Which needs does it meet?", "", &needs));
            }
            let outcomes = outcome_choices(content);
            if !outcomes.is_empty() {
                html.push(f.checkboxes("outcomes", "Which outcomes does it work towards?", "", &outcomes));
            }
            cited(&mut html);
        }
        Section::K => {
            html.push(f.text("text", "Kind of advice", "For example, Psychological advice"));
            html.push(f.text("from", "Who gave it", ""));
            html.push(f.text("dated", "Its date", "For example, 4 September 2026"));
        }
    }
    html
}
