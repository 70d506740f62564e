//! Where does this case stand on its clock?

use askama::Template;
use jiff::civil::Date;

use super::clock_dates::{DueDate, DueStatus, ExceptionSpan, Stage, StageState};
use super::lanes::{assign, count, shortened, text_width};
use super::{days_between, long_date, short_date};
use crate::components::{Cell, Details, Table};
use crate::content::Html;

/// A case's clock: stages as bars, due dates as labelled marks, exceptions as hatched spans, and
/// today. Dates are civil dates; both ends of a span belong to it.
///
/// On a narrow screen it is a list; the same dates stand in a table that opens under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Begins the ids inside: two timelines on one page need different ones.
    pub id: String,
    /// What the picture shows, such as "The clock of Amara's assessment".
    pub title: String,
    pub today: Date,
    pub stages: Vec<Stage>,
    pub due_dates: Vec<DueDate>,
    pub exceptions: Vec<ExceptionSpan>,
}

/// The width of the picture, in its own unit: one pixel on a screen of the usual width.
const WIDTH: i32 = 960;
const MARGIN: i32 = 14;
const TEXT_SIZE: i32 = 14;
const SMALL_TEXT_SIZE: i32 = 13;
const AXIS_Y: i32 = 50;
const STAGE_HEIGHT: i32 = 36;
const EXCEPTION_HEIGHT: i32 = 32;
const DUE_HEIGHT: i32 = 44;
/// Half the size of a mark.
const MARK: i32 = 9;
const MONTH_LINES_MAX: i64 = 24;
/// No label is wider, so that it fits on one side of its mark at least.
const LABEL_WIDTH_MAX: i32 = WIDTH / 2 - 4 * MARGIN;

struct Month {
    x: i32,
    label: String,
}

struct Span {
    x: i32,
    width: i32,
    y: i32,
    label_x: i32,
    label_width: i32,
    label: String,
    is_label_inside: bool,
    state: Option<StageState>,
}

struct Mark {
    x: i32,
    y: i32,
    label_x: i32,
    anchor: &'static str,
    /// What is behind label and mark, so that no line runs through them.
    ground_x: i32,
    ground_width: i32,
    label: String,
    detail: String,
    status: DueStatus,
}

struct ListItem {
    when: String,
    what: String,
    status: Option<DueStatus>,
    is_today: bool,
}

#[derive(Template)]
#[template(path = "charts/timeline.html")]
struct TimelineTemplate<'a> {
    id: &'a str,
    title: &'a str,
    description: String,
    height: i32,
    months: Vec<Month>,
    stages: Vec<Span>,
    exceptions: Vec<Span>,
    marks: Vec<Mark>,
    today: Option<TodayLine>,
    list: Vec<ListItem>,
    table: Details,
}

struct TodayLine {
    x: i32,
    label: String,
    label_x: i32,
    label_width: i32,
}

/// Turns days into places across the picture.
struct Scale {
    first: Date,
    days: i64,
}

impl Scale {
    fn x(&self, date: Date) -> i32 {
        let room = i64::from(WIDTH - 2 * MARGIN);
        let place = days_between(self.first, date) * room / self.days.max(1);
        // Between the margins, so it fits.
        MARGIN + i32::try_from(place).unwrap_or(WIDTH)
    }
}

impl Timeline {
    pub fn new(id: impl Into<String>, title: impl Into<String>, today: Date) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            today,
            stages: Vec::new(),
            due_dates: Vec::new(),
            exceptions: Vec::new(),
        }
    }

    /// Adds a stage.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Self {
        self.stages.push(stage);
        self
    }

    /// Adds a due date.
    #[must_use]
    pub fn due(mut self, due: DueDate) -> Self {
        self.due_dates.push(due);
        self
    }

    /// Adds an exception.
    #[must_use]
    pub fn exception(mut self, exception: ExceptionSpan) -> Self {
        self.exceptions.push(exception);
        self
    }

    /// First and last day of the case itself.
    fn extent(&self) -> (Date, Date) {
        let spans = self.stages.iter().map(|stage| (stage.from, stage.until));
        let exceptions = self.exceptions.iter().map(|span| (span.from, span.until));
        let due = self.due_dates.iter().flat_map(|due| {
            let done_on = due.done_on.unwrap_or(due.due_on);
            [(due.due_on, due.due_on), (done_on, done_on)]
        });
        spans
            .chain(exceptions)
            .chain(due)
            .reduce(|(first, last), (from, until)| (first.min(from), last.max(until)))
            .unwrap_or((self.today, self.today))
    }

    /// Whether today is near enough to the case to be drawn: long after it, or long before, the
    /// case itself would shrink to nothing.
    fn shows_today(&self) -> bool {
        let (first, last) = self.extent();
        let reach = (days_between(first, last) / 2).max(30);
        days_between(self.today, first) <= reach && days_between(last, self.today) <= reach
    }

    fn scale(&self) -> Scale {
        let (mut first, mut last) = self.extent();
        if self.shows_today() {
            first = first.min(self.today);
            last = last.max(self.today);
        }
        Scale {
            first,
            // The last day has a width too.
            days: days_between(first, last) + 1,
        }
    }

    /// The spans with their lanes; `inside` says whether a label may stand on its bar.
    fn spans<'a>(
        scale: &Scale,
        top: i32,
        lane_height: i32,
        inside: bool,
        spans: impl Iterator<Item = (&'a str, Date, Date, Option<StageState>)>,
    ) -> (Vec<Span>, i32) {
        let mut drawn = Vec::new();
        let mut intervals = Vec::new();
        for (label, from, until, state) in spans {
            let x = scale.x(from);
            let end = scale.x(until.tomorrow().unwrap_or(until));
            let width = (end - x).max(3);
            let label = shortened(label, LABEL_WIDTH_MAX, TEXT_SIZE, false);
            let label_width = text_width(&label, TEXT_SIZE, false);
            let is_label_inside = inside && label_width + 16 <= width;
            let (label_x, from_x, to_x) = if is_label_inside {
                (x + 8, x, x + width)
            } else if x + width + 6 + label_width <= WIDTH {
                (x + width + 6, x, x + width + 10 + label_width)
            } else {
                let label_x = (x - 6 - label_width).max(0);
                (label_x, label_x - 4, x + width)
            };
            intervals.push((from_x, to_x));
            drawn.push(Span { x, width, y: top, label_x, label_width, label, is_label_inside, state });
        }
        let lanes = assign(&intervals, if inside { 0 } else { 8 });
        for (span, lane) in drawn.iter_mut().zip(&lanes) {
            span.y += place(*lane, lane_height);
        }
        (drawn, place(count(&lanes), lane_height))
    }

    fn marks(&self, scale: &Scale, top: i32) -> (Vec<Mark>, i32) {
        let mut due_dates: Vec<&DueDate> = self.due_dates.iter().collect();
        due_dates.sort_by_key(|due| due.due_on);
        let mut intervals = Vec::new();
        let mut marks: Vec<Mark> = due_dates
            .into_iter()
            .map(|due| {
                let x = scale.x(due.due_on);
                let label = shortened(&due.label, LABEL_WIDTH_MAX, TEXT_SIZE, true);
                let detail = format!("{}, {}", short_date(due.due_on), due.status_words(self.today));
                let width = text_width(&label, TEXT_SIZE, true).max(text_width(&detail, SMALL_TEXT_SIZE, false));
                let reach = MARK + 7 + width;
                let (label_x, ground_x, anchor) = if x + reach <= WIDTH {
                    intervals.push((x - MARK, x + reach));
                    (x + MARK + 7, x - MARK, "start")
                } else {
                    intervals.push((x - reach, x + MARK));
                    (x - MARK - 7, x - reach, "end")
                };
                Mark {
                    x,
                    y: top,
                    label_x,
                    anchor,
                    ground_x,
                    ground_width: reach + MARK,
                    label,
                    detail,
                    status: due.status(self.today),
                }
            })
            .collect();
        let lanes = assign(&intervals, 12);
        for (mark, lane) in marks.iter_mut().zip(&lanes) {
            mark.y += place(*lane, DUE_HEIGHT);
        }
        (marks, place(count(&lanes), DUE_HEIGHT))
    }

    fn months(&self, scale: &Scale) -> Vec<Month> {
        let mut months = Vec::new();
        let mut free_from = 0;
        // A clock of weeks has a line for each month; one of years, or with a mistyped year, has
        // as many lines as there is room for.
        let step = (scale.days / (30 * MONTH_LINES_MAX)).max(1);
        let mut month = scale.first.first_of_month();
        loop {
            let x = scale.x(month);
            if x > WIDTH - MARGIN {
                return months;
            }
            let label = month.strftime("%b %Y").to_string();
            let width = text_width(&label, SMALL_TEXT_SIZE, false);
            let fits = x >= MARGIN && x >= free_from && x + 4 + width <= WIDTH;
            if fits {
                free_from = x + width + 16;
            }
            if x >= MARGIN {
                months.push(Month { x, label: if fits { label } else { String::new() } });
            }
            let Ok(next) = month.checked_add(jiff::Span::new().months(step)) else {
                return months;
            };
            month = next;
        }
    }

    fn today_line(&self, scale: &Scale) -> Option<TodayLine> {
        self.shows_today().then(|| {
            let label = format!("Today, {}", short_date(self.today));
            let label_width = text_width(&label, SMALL_TEXT_SIZE, true) + 14;
            let x = scale.x(self.today);
            TodayLine { x, label_x: (x - label_width / 2).clamp(0, WIDTH - label_width), label_width, label }
        })
    }

    /// What the picture says at a glance: where the case is, what is overdue, what comes next.
    fn description(&self) -> String {
        let mut sentences = vec![format!("Today is {}.", long_date(self.today))];
        for stage in &self.stages {
            if stage.state(self.today) == StageState::Now {
                let until = long_date(stage.until);
                sentences.push(format!("Now: {}, until {until}.", stage.name));
            }
        }
        for due in &self.due_dates {
            if due.status(self.today) == DueStatus::Overdue {
                let words = due.status_words(self.today);
                sentences.push(format!("{}: {words}.", due.label));
            }
        }
        let open =
            self.due_dates.iter().filter(|due| matches!(due.status(self.today), DueStatus::Soon | DueStatus::Ahead));
        if let Some(next) = open.min_by_key(|due| due.due_on) {
            let words = next.status_words(self.today);
            let due_on = long_date(next.due_on);
            sentences.push(format!("Next: {}, {due_on}, {words}.", next.label));
        }
        sentences.push("All dates are in the table under the picture.".to_owned());
        sentences.join(" ")
    }

    fn list(&self) -> Vec<ListItem> {
        let mut dated: Vec<(Date, u8, ListItem)> = Vec::new();
        let item = |when: String, what: String| ListItem { when, what, status: None, is_today: false };
        for stage in &self.stages {
            let when = format!("{} to {}", short_date(stage.from), short_date(stage.until));
            let what = format!("{} ({})", stage.name, stage.state(self.today).words().to_lowercase());
            dated.push((stage.from, 1, item(when, what)));
        }
        for span in &self.exceptions {
            let when = format!("{} to {}", short_date(span.from), short_date(span.until));
            dated.push((span.from, 2, item(when, format!("Exception: {}", span.label))));
        }
        for due in &self.due_dates {
            let what = format!("{}: {}", due.label, due.status_words(self.today));
            let entry = ListItem { status: Some(due.status(self.today)), ..item(short_date(due.due_on), what) };
            dated.push((due.due_on, 3, entry));
        }
        let today = ListItem { is_today: true, ..item(format!("Today, {}", short_date(self.today)), String::new()) };
        dated.push((self.today, 0, today));
        dated.sort_by_key(|(date, kind, _)| (*date, *kind));
        dated.into_iter().map(|(_, _, entry)| entry).collect()
    }

    fn table(&self) -> Details {
        let mut table = Table::new(self.title.as_str())
            .head(["What", "From", "Until or due", "Where it stands"])
            .first_cell_is_header();
        for stage in &self.stages {
            table = table.row([
                Cell::new(stage.name.as_str()),
                Cell::new(long_date(stage.from)),
                Cell::new(long_date(stage.until)),
                Cell::new(stage.state(self.today).words()),
            ]);
        }
        for span in &self.exceptions {
            table = table.row([
                Cell::new(format!("Exception: {}", span.label)),
                Cell::new(long_date(span.from)),
                Cell::new(long_date(span.until)),
                Cell::new("Exception"),
            ]);
        }
        for due in &self.due_dates {
            table = table.row([
                Cell::new(due.label.as_str()),
                Cell::new(""),
                Cell::new(long_date(due.due_on)),
                Cell::new(sentence(&due.status_words(self.today))),
            ]);
        }
        Details::new("The same dates as a table", table.scrolling())
    }

    fn picture(&self) -> TimelineTemplate<'_> {
        let scale = self.scale();
        let top = AXIS_Y + 10;
        let stages = self.stages.iter().map(|stage| {
            let state = stage.state(self.today);
            (stage.name.as_str(), stage.from, stage.until, Some(state))
        });
        let (stages, stages_height) = Self::spans(&scale, top, STAGE_HEIGHT, true, stages);
        let top = top + stages_height + 4;
        let exceptions = self.exceptions.iter().map(|span| (span.label.as_str(), span.from, span.until, None));
        let (exceptions, exceptions_height) = Self::spans(&scale, top, EXCEPTION_HEIGHT, false, exceptions);
        let top = top + exceptions_height + 14;
        let (marks, marks_height) = self.marks(&scale, top);
        TimelineTemplate {
            id: &self.id,
            title: &self.title,
            description: self.description(),
            height: top + marks_height + 6,
            months: self.months(&scale),
            stages,
            exceptions,
            marks,
            today: self.today_line(&scale),
            list: self.list(),
            table: self.table(),
        }
    }
}

impl std::fmt::Display for Timeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.picture().fmt(f)
    }
}

impl askama::filters::HtmlSafe for Timeline {}

impl From<Timeline> for Html {
    fn from(timeline: Timeline) -> Self {
        Self::trusted(timeline.to_string())
    }
}

/// Where the lane `lane` begins.
fn place(lane: usize, height: i32) -> i32 {
    i32::try_from(lane).unwrap_or(i32::MAX / height) * height
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The mark of a due date, drawn around the middle of `x` and `y`: a shape and a sign for each
/// status, so that colour only repeats them.
#[derive(Template)]
#[template(path = "charts/mark.html")]
struct MarkShape {
    x: i32,
    y: i32,
    status: DueStatus,
}

impl askama::filters::HtmlSafe for MarkShape {}

impl Mark {
    fn shape(&self) -> MarkShape {
        MarkShape { x: self.x, y: self.y + 14, status: self.status }
    }
}

impl ListItem {
    fn shape(&self) -> Option<MarkShape> {
        let status = self.status?;
        Some(MarkShape { x: 10, y: 10, status })
    }
}
