//! What may happen to a case, and what then is true: decisions as tables, walks, and the policy.

mod access;
mod brought_in;
mod consequences;
mod decisions;
mod designated;
mod events;
mod facts;
mod feed;
#[expect(dead_code, reason = "the tests of the application use this too, and give each child ids of its own")]
mod given;
mod harm;
mod independents;
mod joins;
mod notices;
mod openings;
mod own_plan;
mod own_voice;
mod papers;
mod plan_checks;
mod recipients;
mod recordings;
mod refusals;
mod routing;
mod signed_advice;
mod sources;
mod telling;
mod visits;
mod walking;
mod walks;
