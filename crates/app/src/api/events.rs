//! What happened in the area, in one order, and what webhooks were sent of it.

use super::caller::{Caller, Writer};
use super::exchange::{Asked, Page, Paging, Sent, cursor, limit};
use super::kinds::{Day, Instant, TopicCode};
use super::problem::Problem;
use crate::record::store::Scope;
use crate::webhooks::{feed, replay_from, store};
use crate::{App, Error};
use axum::Json;
use axum::extract::{Path, State};
use casework::access::Action;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// No feed is longer, and every program's numbers hold it.
const PLACE_MAX: i64 = 9_000_000_000_000_000;

/// Something that was recorded: which record and what kind, nothing of what was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    /// Its place in the area’s feed. It never changes, and nothing is put before it later.
    pub position: u64,
    /// A stable name, such as `requests.received`.
    #[serde(rename = "type")]
    pub kind: String,
    pub recorded_at: Instant,
    pub case: Uuid,
    /// Its place in the record’s own history.
    pub sequence: u64,
    /// Where the entry is read, with the rights of whoever reads.
    pub read_at: String,
}

/// What happened after a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct Events {
    pub items: Vec<Event>,
    /// What to send as `after` next time.
    pub after: u64,
    /// Whether there is more already: ask again at once. A page can be empty and there still be more.
    pub more: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsAsked {
    /// The place up to which you know already: `after` of the page before. Without it, the beginning.
    #[param(minimum = 0, maximum = 9_000_000_000_000_000i64)]
    after: Option<i64>,
    /// Only what is about this.
    #[param(inline)]
    topic: Option<TopicCode>,
    /// Most entries on the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// What happened
///
/// Of the records that the caller may see, in the order in which it was recorded. Ask again with `after` to learn
/// what is new: nothing is missed and nothing comes twice.
#[utoipa::path(get, path = "/events", operation_id = "list_events", tag = "Events", params(EventsAsked), responses((status = 200, body = Events)))]
pub async fn events(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<EventsAsked>,
) -> Result<Json<Events>, Problem> {
    caller.session.require(Action::SeeCase)?;
    let limit = limit(asked.limit)?;
    let after = match asked.after.unwrap_or(0) {
        after @ 0..=PLACE_MAX => after.unsigned_abs(),
        _ => return Err(Problem::saying(super::Code::QueryUnreadable, format!("after must be from 0 to {PLACE_MAX}"))),
    };
    let scope = Scope::of(&caller.actor(), Action::SeeCase);
    let topic = asked.topic.map(|topic| topic.0);
    let page = app
        .blocking(move |app| {
            feed::number_area(app, scope.authority)?;
            app.db.read("api.events", |tx| feed::page(tx, scope, after, topic, limit))
        })
        .await?;
    let items = page.happened.into_iter().map(|happened| Event {
        position: happened.position,
        recorded_at: Instant(happened.at),
        case: happened.case.0,
        sequence: happened.sequence,
        read_at: happened.path(),
        kind: happened.name,
    });
    Ok(Json(Events { items: items.collect(), after: page.after, more: page.more }))
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookState {
    Works,
    Paused,
    Ended,
}

/// A program that is told what happens, at an address of its own.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhook {
    pub id: Uuid,
    pub name: String,
    pub address: String,
    pub topics: Vec<TopicCode>,
    /// By whose rights it is told.
    pub owner: String,
    pub state: WebhookState,
    /// Why it paused by itself.
    pub paused_because: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    pub made_at: Instant,
}

/// Webhooks of the area
///
/// All of them for those who manage them, their own for services. They are set up on the page of webhooks, where
/// their secret is shown once.
#[utoipa::path(get, path = "/webhooks", operation_id = "list_webhooks", tag = "Events", responses((status = 200, body = [Webhook])))]
pub async fn webhooks(State(app): State<App>, caller: Caller) -> Result<Json<Vec<Webhook>>, Problem> {
    let (actor, may_manage) = (caller.actor(), caller.session.may(Action::ManageWebhooks));
    let own = actor.user;
    let all = app
        .blocking(move |app| app.db.read("api.webhooks", |tx| store::all(tx, actor.authority)))
        .await?
        .into_iter()
        .filter(|webhook| may_manage || webhook.user == own);
    let show = |webhook: store::Webhook| Webhook {
        state: match webhook.standing() {
            store::Standing::Ended => WebhookState::Ended,
            store::Standing::Paused => WebhookState::Paused,
            store::Standing::Works => WebhookState::Works,
        },
        id: webhook.id,
        name: webhook.name,
        address: webhook.address,
        topics: webhook.topics.into_iter().map(TopicCode).collect(),
        owner: webhook.owner,
        paused_because: webhook.paused_at.and(webhook.paused_why),
        failures: webhook.failures,
        made_at: Instant(webhook.made_at),
    };
    Ok(Json(all.map(show).collect()))
}

/// The webhook, for those who manage webhooks and for the service by whose rights it is told.
async fn own(app: &App, caller: &Caller, id: Uuid) -> Result<store::Webhook, Error> {
    let (actor, may_manage) = (caller.actor(), caller.session.may(Action::ManageWebhooks));
    let webhook =
        app.blocking(move |app| app.db.read("api.webhook", |tx| store::find(tx, actor.authority, id))).await?;
    if may_manage || webhook.user == caller.actor().user { Ok(webhook) } else { Err(Error::NotFound) }
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Waiting,
    Delivered,
    Failed,
}

/// Something that a webhook was told, or will be.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    pub position: u64,
    #[serde(rename = "type")]
    pub kind: String,
    pub case: Uuid,
    pub recorded_at: Instant,
    pub state: DeliveryState,
    pub attempts: u32,
    pub tried_at: Option<Instant>,
    /// When it is tried next.
    pub tried_again_at: Option<Instant>,
    /// The status that the receiver answered with.
    pub status: Option<u16>,
    pub failure: Option<String>,
}

impl From<store::Delivery> for Delivery {
    fn from(delivery: store::Delivery) -> Delivery {
        let (state, is_waiting) = match delivery.state {
            store::State::Waiting => (DeliveryState::Waiting, true),
            store::State::Delivered => (DeliveryState::Delivered, false),
            store::State::Failed => (DeliveryState::Failed, false),
        };
        Delivery {
            position: delivery.position,
            kind: delivery.event,
            case: delivery.case,
            recorded_at: Instant(delivery.recorded_at),
            state,
            attempts: delivery.attempts,
            tried_at: delivery.tried_at.map(Instant),
            tried_again_at: is_waiting.then_some(Instant(delivery.go_at)),
            status: delivery.status,
            failure: delivery.failure,
        }
    }
}

/// What a webhook was sent
///
/// The latest first. What arrived is kept for 30 days.
#[utoipa::path(get, path = "/webhooks/{webhook}/deliveries", operation_id = "list_deliveries", tag = "Events",
    params(("webhook" = Uuid, Path, description = "The webhook."), Paging), responses((status = 200, body = Page<Delivery>)))]
pub async fn deliveries(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Page<Delivery>>, Problem> {
    let limit = limit(paging.limit)?;
    let before = cursor(paging.cursor.as_deref(), u64::MAX, |text| text.parse().ok())?;
    own(&app, &caller, id).await?;
    let authority = caller.actor().authority;
    let rows = app
        .blocking(move |app| {
            app.db.read("api.deliveries", |tx| store::deliveries(tx, (authority, id), before, None, limit + 1))
        })
        .await?;
    Ok(Page::cut(rows, limit, |row: &store::Delivery| row.position.to_string(), Delivery::from))
}

/// Between which places of the feed everything is sent once more; neither when nothing was recorded since.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replaying {
    pub first: Option<u64>,
    pub last: Option<u64>,
}

/// Whether it is sent once more: 1, or 0 when it waits already.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replayed {
    pub count: u64,
}

/// From which day on everything is sent once more.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayAsked {
    /// At most a year ago.
    from_on: Day,
}

/// Send everything once more
///
/// What was recorded on a day or later, with the same ids as before, a part at a time. One at a time for each webhook.
#[utoipa::path(post, path = "/webhooks/{webhook}/replay", operation_id = "replay_webhook", tag = "Events", request_body = ReplayAsked,
    params(("webhook" = Uuid, Path, description = "The webhook.")),
    responses((status = 200, description = "It is on its way.", body = Replaying)))]
pub async fn replay(
    State(app): State<App>,
    Writer(caller): Writer,
    Path(id): Path<Uuid>,
    Sent { typed, .. }: Sent<ReplayAsked>,
) -> Result<Json<Replaying>, Problem> {
    if !own(&app, &caller, id).await?.is_living() {
        return Err(Error::NotFound.into());
    }
    let (from, authority) = (replay_from(&app, &typed)?, caller.actor().authority);
    let replay =
        app.blocking(move |app| app.db.write("api.replay", |tx| store::all_again(tx, authority, id, from))).await?;
    Ok(Json(Replaying { first: replay.map(|replay| replay.next), last: replay.map(|replay| replay.last) }))
}

/// Send one delivery once more
///
/// One that arrived or failed; one that still waits goes by itself.
#[utoipa::path(post, path = "/webhooks/{webhook}/deliveries/{position}/replay", operation_id = "replay_delivery", tag = "Events",
    params(("webhook" = Uuid, Path, description = "The webhook."), ("position" = u64, Path, description = "Which delivery.")),
    responses((status = 200, description = "It is on its way.", body = Replayed)))]
pub async fn replay_one(
    State(app): State<App>,
    Writer(caller): Writer,
    Path((id, position)): Path<(Uuid, u64)>,
) -> Result<Json<Replayed>, Problem> {
    if !own(&app, &caller, id).await?.is_living() {
        return Err(Error::NotFound.into());
    }
    let authority = caller.actor().authority;
    let is_sent = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("api.replay_one", |tx| store::again(tx, authority, id, position, now))
        })
        .await?;
    Ok(Json(Replayed { count: u64::from(is_sent) }))
}
