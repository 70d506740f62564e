//! Every component and chart on one page, to look at.
//!
//! `cargo run -p govuk --example gallery > gallery.html` prints the page;
//! `cargo run -p govuk --example gallery -- FOLDER` writes it with its assets, to be served with
//! any file server.

use std::fs;
use std::path::Path;

use govuk::charts::{Bars, DueDate, ExceptionSpan, Stage, Timeline};
use govuk::page::{Area, AreaStylesheet};
use govuk::*;
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 23);

fn main() -> std::io::Result<()> {
    let stylesheet = AreaStylesheet::new("#00594c").map_err(std::io::Error::other)?;
    let mut area = Area::new("Alderbourne Council", "Tellonce").colour(&stylesheet, "/assets/alderbourne.css");
    area.phase_banner = Some(PhaseBanner::new(
        "Beta",
        Html::trusted(r##"This is a new service. <a class="govuk-link" href="#">Tell us what you think</a>."##),
    ));
    let page = Page::new(&area, "Gallery", gallery())
        .errors(true)
        .navigation(
            ServiceNavigation::new("Special educational needs", "/")
                .item("Today", "#", false)
                .item("Children", "#", true)
                .item("Reviews", "#", false)
                .item("Reports", "#", false),
        )
        .breadcrumbs(Breadcrumbs::new().link("Home", "#").link("Children", "#").here("Amara Okafor"))
        .render();
    match std::env::args().nth(1) {
        None => println!("{page}"),
        Some(folder) => {
            let folder = Path::new(&folder);
            fs::create_dir_all(folder.join("assets"))?;
            fs::write(folder.join("index.html"), page.as_str())?;
            fs::write(folder.join("assets/alderbourne.css"), stylesheet.css())?;
            for asset in assets::all() {
                fs::write(folder.join(asset.path.trim_start_matches('/')), asset.bytes)?;
            }
        }
    }
    Ok(())
}

fn gallery() -> Html {
    let mut main = Html::trusted("<h1 class=\"govuk-heading-xl\">Gallery</h1>");
    for part in [charts(), facts(), messages(), fields(), choices(), folding()] {
        main.push(part);
    }
    main
}

fn section(title: &str) -> Html {
    let mut html = Html::trusted("<h2 class=\"govuk-heading-l\">");
    html.push_text(title);
    html.push(Html::trusted("</h2>"));
    html
}

fn charts() -> Html {
    let clock = Timeline::new("clock", "The clock of Amara’s assessment", TODAY)
        .stage(Stage::new("Deciding whether to assess", date(2026, 7, 6), date(2026, 8, 14)))
        .stage(Stage::new("Gathering advice", date(2026, 8, 15), date(2026, 10, 9)))
        .stage(Stage::new("Drafting the plan", date(2026, 10, 10), date(2026, 11, 13)))
        .stage(Stage::new("Consulting schools", date(2026, 11, 14), date(2026, 12, 5)))
        .stage(Stage::new("Final plan", date(2026, 12, 6), date(2026, 12, 21)))
        .exception(ExceptionSpan::new("School closed for the summer", date(2026, 7, 22), date(2026, 9, 1)))
        .exception(ExceptionSpan::new("Family away, 4 weeks or more", date(2026, 9, 20), date(2026, 10, 20)))
        .due(DueDate::new("Decision whether to assess", date(2026, 8, 17)).done_on(Some(date(2026, 8, 12))))
        .due(DueDate::new("Educational psychologist’s advice", date(2026, 10, 5)).done_on(Some(date(2026, 10, 11))))
        .due(DueDate::new("Health advice", date(2026, 10, 12)))
        .due(DueDate::new("Draft plan sent", date(2026, 10, 26)).done_on(Some(date(2026, 10, 26))))
        .due(DueDate::new("Schools’ answers", date(2026, 12, 1)))
        .due(DueDate::new("Final plan or refusal to issue one", date(2026, 12, 21)));
    let bars = Bars::new("Plans by type of school", "Type of school", "Plans")
        .bar("Mainstream school", 1204.0, "1,204")
        .bar("State-funded special school", 812.0, "812")
        .bar("Independent special school", 96.0, "96")
        .bar("Educated elsewhere", 31.0, "31")
        .comparison("England, mainstream, same size of area", 1130.0, "1,130");
    [section("Charts"), clock.into(), bars.into()].into_iter().collect()
}

fn facts() -> Html {
    let table = Table::new("Advice asked for")
        .head([Cell::new("From"), Cell::new("Asked on"), Cell::new("Due"), Cell::numeric("Days left")])
        .row([
            Cell::new("Educational psychologist"),
            Cell::new("17 August 2026").sort_value("2026-08-17"),
            Cell::new("28 September 2026").sort_value("2026-09-28"),
            Cell::numeric(0),
        ])
        .row([
            Cell::new("Community paediatrician"),
            Cell::new("18 August 2026").sort_value("2026-08-18"),
            Cell::new("29 September 2026").sort_value("2026-09-29"),
            Cell::numeric(15),
        ])
        .first_cell_is_header()
        .sortable();
    let list = SummaryList::new()
        .row("Name", "Amara Okafor")
        .action("Change", "#", "name")
        .row("Date of birth", "3 March 2019")
        .row("Where the case stands", Tag::new("Consulting schools").colour(TagColour::Yellow))
        .action("See why", "#", "where the case stands")
        .action("Change", "#", "where the case stands");
    let card = SummaryList::new()
        .row("School", "Fernhill Primary School")
        .row("Type of support", "Speech and language therapy")
        .card("Provision")
        .card_action("Change", "#");
    let tasks = TaskList::new()
        .task("About the child", "#", TaskStatus::completed())
        .task("What helps", "#", Tag::new("Not started"))
        .hint("Three questions, about ten minutes")
        .task("Send", "", TaskStatus::cannot_start_yet());
    let mut tags = Html::trusted("<p class=\"govuk-body\">");
    for (text, colour) in [
        ("Blue", TagColour::Blue),
        ("Green", TagColour::Green),
        ("Grey", TagColour::Grey),
        ("Magenta", TagColour::Magenta),
        ("Orange", TagColour::Orange),
        ("Purple", TagColour::Purple),
        ("Red", TagColour::Red),
        ("Teal", TagColour::Teal),
        ("Yellow", TagColour::Yellow),
    ] {
        tags.push(Tag::new(text).colour(colour));
        tags.push(Html::trusted(" "));
    }
    tags.push(Html::trusted("</p>"));
    [
        section("Facts"),
        list.into(),
        card.into(),
        table.scrolling(),
        tasks.into(),
        tags,
        Pagination::of(6, 42, |page| format!("?page={page}")).into(),
    ]
    .into_iter()
    .collect()
}

fn messages() -> Html {
    [
        section("Messages"),
        ErrorSummary::of(&[
            ("#given-name", "Enter the first name"),
            ("#received-year", "The year must be 2026 or earlier"),
        ])
        .into(),
        NotificationBanner::success("The draft plan was sent to Amara’s parents").into(),
        NotificationBanner::important("Advice from one person is still missing").title_id("missing-advice").into(),
        Panel::new("Request received", Html::trusted("Your reference<br><strong>ALD 1042</strong>")).into(),
        InsetText::new("You can ask for mediation within two months of the letter.").into(),
        WarningText::new("Once it is sent, the plan cannot be changed.").into(),
    ]
    .into_iter()
    .collect()
}

fn fields() -> Html {
    let wrong = Some("Enter the first name");
    [
        section("Fields"),
        Input::new("given-name", "First name").hint("As on the birth certificate").error(wrong).into(),
        Input::new("hours", "Hours of support")
            .whole_number()
            .suffix("hours a week")
            .classes("govuk-input--width-3")
            .value("15")
            .into(),
        DateInput::new("received", "When did the request arrive?")
            .hint("For example, 27 3 2026")
            .values("3", "3", "2062")
            .error_in(&["year"], Some("The year must be 2026 or earlier"))
            .into(),
        Textarea::new("worries", "What worries you most?").value("He is tired after school.").into(),
        CharacterCount::new("views", "What would you like to be different?", 400).into(),
        Select::new("school", "School")
            .items([("", "Choose a school"), ("1", "Fernhill Primary School")])
            .value("1")
            .into(),
        FileUpload::new("letter", "Add a letter or report").accept(".pdf,.docx").multiple().into(),
        PasswordInput::new("password", "Password").into(),
        Html::trusted("<div class=\"govuk-button-group\">"),
        Button::new("Save and continue").into(),
        Button::new("Save and come back later").secondary().into(),
        Button::new("Withdraw the request").warning().into(),
        Button::start("Start now", "#").into(),
        Html::trusted("</div>"),
    ]
    .into_iter()
    .collect()
}

fn choices() -> Html {
    [
        section("Choices"),
        Radios::new("consent", "Do you agree to the assessment?")
            .item("yes", "Yes")
            .item_with_hint("later", "I want to talk first", "We will ring you this week")
            .divider("or")
            .item_revealing("no", "No", Input::new("why-not", "What should happen instead?"))
            .value("no")
            .into(),
        Checkboxes::new("help", "What kind of help is there now?")
            .hint("Select all that apply")
            .item("speech", "Speech and language therapy")
            .item("ot", "Occupational therapy")
            .none_of_these("none", "None of these")
            .values(["speech"])
            .into(),
    ]
    .into_iter()
    .collect()
}

fn folding() -> Html {
    [
        section("Folding"),
        Details::new(
            "Why this date?",
            "20 weeks from the day the request arrived, less nothing: no exception applies.",
        )
        .into(),
        Accordion::new("sections")
            .section("Section A: what Amara and her family say", "She likes painting and being outside.")
            .section("Section B: special educational needs", "Communication.")
            .into(),
        Tabs::new()
            .tab("people", "People", "Her mother, her father and her teacher.")
            .tab("documents", "Documents", "Four documents.")
            .into(),
        ExitThisPage::default().into(),
    ]
    .into_iter()
    .collect()
}
