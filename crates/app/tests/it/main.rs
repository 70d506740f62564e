//! The application as people meet it: the real router and a real database, with time, ids and files
//! that stand still. Every test that touches the database runs on both engines.

mod access;
mod ask;
mod bad_days;
mod conflict;
mod contacts;
mod demo;
mod drill;
mod family;
mod html;
mod joins;
mod journal;
mod pages;
mod queue;
mod schema;
mod search;
mod sign_in;
mod world;

#[expect(dead_code, reason = "the same child and the same steps as in the tests of casework, which use more of them")]
#[path = "../../../casework/tests/it/given.rs"]
mod given;
#[path = "../../../casework/tests/it/walking.rs"]
mod walking;

db::both_engines! {
    app::cli::migrations();

    fn verify_finds_a_whole_journal_whole_and_says_what_was_changed(db) { journal::verify_finds_every_change(db) }
    fn what_is_loaded_is_what_the_journal_says(db) { journal::walks_fold_to_what_is_loaded(db) }
    fn a_day_that_is_sealed_stays_as_it_was(db) { journal::sealed_days_are_kept(db) }
    fn every_page_can_be_read_by_everyone_who_finds_it(db) { pages::every_page_for_every_role(db) }
    fn every_form_that_is_sent_empty_or_stale_comes_back(db) { pages::every_form_comes_back(db) }
    fn the_second_of_two_people_sees_what_the_first_did(db) { conflict::second_sees_the_first(db) }
    fn lists_hold_exactly_the_children_that_the_policy_allows(db) { access::lists_are_the_policy(db) }
    fn an_adviser_answers_for_their_own_team(db) { access::an_adviser_answers_for_their_own_team(db) }
    fn a_child_of_another_area_is_not_there(db) { access::another_area_is_not_there(db) }
    fn names_are_found_by_half_and_by_sound(db) { search::names_are_found(db) }
    fn jobs_are_claimed_retried_and_safe_to_repeat(db) { queue::jobs_are_safe(db) }
    fn forms_that_are_forged_or_broken_are_turned_away(db) { bad_days::broken_forms_are_turned_away(db) }
    fn absurd_dates_and_ids_are_turned_away(db) { bad_days::absurd_values_are_turned_away(db) }
    fn a_request_is_begun_saved_and_sent_once(db) { ask::a_request_is_begun_saved_and_sent_once(db) }
    fn what_cannot_be_taken_is_said_and_nothing_is_lost(db) { ask::what_cannot_be_taken_is_said_and_nothing_is_lost(db) }
    fn what_is_not_sent_is_forgotten(db) { ask::what_is_not_sent_is_forgotten(db) }
    fn a_family_sees_its_own_child_and_nothing_else(db) { family::a_family_sees_its_own_child_and_nothing_else(db) }
    fn what_is_wrong_is_put_right_or_answered(db) { family::what_is_wrong_is_put_right_or_answered(db) }
    fn a_family_is_told_what_changed_and_what_to_do(db) { family::a_family_is_told_what_changed_and_what_to_do(db) }
    fn a_message_is_answered_as_promised_or_seen_to_be_late(db) { family::a_message_is_answered_as_promised_or_seen_to_be_late(db) }
    fn a_code_cannot_be_guessed_or_used_twice(db) { family::a_code_cannot_be_guessed_or_used_twice(db) }
    fn two_records_of_one_child_become_one_and_are_taken_apart(db) { joins::two_records_become_one(db) }
    fn the_clock_of_two_requests_starts_on_the_earlier_day(db) { joins::the_earlier_day_counts(db) }
    fn two_children_who_look_alike_are_told_apart(db) { joins::two_children_are_told_apart(db) }
    fn only_whom_the_front_door_names_reads_the_kept_record(db) { joins::the_family_is_asked_about(db) }
    fn who_may_join_records_and_who_may_not(db) { joins::who_may_join(db) }
    fn a_child_is_found_while_it_is_typed_in(db) { joins::a_child_is_found_as_typed(db) }
    fn a_contact_is_noted_promised_joined_and_parted(db) { contacts::noted_promised_joined_and_parted(db) }
    fn a_caller_is_found_by_their_own_name(db) { contacts::a_caller_is_found(db) }
    fn a_letter_goes_straight_to_the_record(db) { contacts::a_letter_goes_straight_to_the_record(db) }
    fn sessions_end_and_guessing_is_slowed(db) { sign_in::sessions_end_and_guessing_is_slowed(db) }
}
