//! The application as people meet it: the real router and a real database, with time, ids and files
//! that stand still. Every test that touches the database runs on both engines.

mod access;
mod advice;
mod api;
mod api_access;
mod api_acts;
mod ask;
mod bad_days;
mod bucket;
mod carrier;
mod checks;
mod conflict;
mod contacts;
mod cover;
mod demo;
mod designated;
mod drill;
mod emergency;
mod family;
mod html;
mod independents;
mod joins;
mod journal;
mod lock;
mod oidc;
mod own_plan;
mod own_voice;
mod pages;
mod papers;
#[expect(dead_code, reason = "the long form prints what the short form only compares")]
mod planted;
mod post;
mod programs;
mod provider;
mod queue;
mod restore;
mod schema;
mod search;
mod sign_in;
mod told_once;
mod uploads;
mod visits;
mod webhooks;
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
    fn advice_is_written_in_lines_and_signed(db) { advice::advice_is_written_in_lines_and_signed(db) }
    fn an_adviser_sees_what_became_of_their_lines(db) { advice::an_adviser_sees_what_became_of_their_lines(db) }
    fn advice_is_passed_on_to_the_team_that_knows_the_child(db) { advice::advice_is_passed_on_to_the_team_that_knows_the_child(db) }
    fn nobody_else_writes_an_advisers_report(db) { advice::nobody_else_writes_an_advisers_report(db) }
    fn the_lists_of_designated_officers_are_theirs(db) { designated::lists_are_for_designated_officers(db) }
    fn who_knows_a_child_is_said_beside_it(db) { designated::who_knows_a_child_is_said(db) }
    fn a_question_of_health_holds_a_plan(db) { designated::a_question_holds_a_plan(db) }
    fn a_review_has_the_answer_of_social_care(db) { designated::a_review_has_social_cares_answer(db) }
    fn a_month_for_a_board_hides_small_numbers(db) { designated::a_month_hides_small_numbers(db) }
    fn a_sample_is_graded_by_each_side_apart(db) { designated::a_sample_is_graded_apart(db) }
    fn a_recommendation_of_the_tribunal_is_answered(db) { designated::a_recommendation_is_answered(db) }
    fn lists_of_databases_from_before_them_are_made(db) { designated::lists_of_older_databases_are_made(db) }
    fn a_look_is_kept_however_the_address_is_written(db) { access::a_look_is_kept_however_the_address_is_written(db) }
    fn a_team_says_its_days_and_its_queue_has_weeks(db) { advice::a_team_says_its_days_and_its_queue_has_weeks(db) }
    fn whom_a_list_names_is_kept(db) { access::whom_a_list_names_is_kept(db) }
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
    fn a_draft_is_read_with_its_sources_and_commented_on(db) { own_plan::a_draft_is_read_with_its_sources_and_commented_on(db) }
    fn a_family_is_asked_only_what_it_has_not_told(db) { own_plan::a_family_is_asked_only_what_it_has_not_told(db) }
    fn a_paper_is_posted_to_whoever_asked_for_it(db) { own_plan::a_paper_is_posted_to_whoever_asked_for_it(db) }
    fn what_a_young_person_says_is_read_by_those_it_is_for(db) { own_voice::what_a_young_person_says_is_read_by_those_it_is_for(db) }
    fn a_child_is_helped_and_who_helped_is_kept(db) { own_voice::a_child_is_helped_and_who_helped_is_kept(db) }
    fn mum_can_see_my_plan_but_not_my_video(db) { own_voice::mum_can_see_my_plan_but_not_my_video(db) }
    fn what_is_not_wanted_is_answered(db) { own_voice::what_is_not_wanted_is_answered(db) }
    fn everyone_is_told_a_term_before_and_once(db) { own_voice::everyone_is_told_a_term_before_and_once(db) }
    fn every_page_for_young_people_can_be_read_at_eleven(db) { own_voice::every_page_for_young_people_can_be_read_at_eleven(db) }
    fn a_code_cannot_be_guessed_or_used_twice(db) { family::a_code_cannot_be_guessed_or_used_twice(db) }
    fn people_sign_in_with_accounts_they_have_elsewhere(db) { oidc::people_sign_in(db) }
    fn whoever_a_provider_does_not_prove_is_not_let_in(db) { oidc::nobody_else_is_let_in(db) }
    fn only_people_who_are_known_here_are_let_in(db) { oidc::only_people_who_are_known(db) }
    fn keys_may_change_and_are_asked_for_once_a_minute(db) { oidc::keys_may_change(db) }
    fn signing_out_ends_both_and_providers_end_sessions(db) { oidc::signing_out(db) }
    fn people_end_their_own_sessions_and_leavers_are_out(db) { sign_in::people_end_their_own_sessions(db) }
    fn what_is_described_is_there(db) { api::what_is_described_is_there(db) }
    fn what_programs_are_answered_is_as_described(db) { api::answers_are_as_described(db) }
    fn whatever_goes_wrong_is_a_problem_with_a_code(db) { api::whatever_goes_wrong_is_a_problem(db) }
    fn lists_are_walked_without_repeats_while_they_grow(db) { api::lists_are_walked_without_repeats(db) }
    fn a_change_names_the_version_that_was_seen(db) { api::a_change_names_the_version_that_was_seen(db) }
    fn a_request_with_a_key_is_done_once(db) { api::a_request_with_a_key_is_done_once(db) }
    fn too_many_requests_have_to_wait(db) { api::too_many_requests_have_to_wait(db) }
    fn programs_and_pages_agree_on_what_may_be_seen(db) { api_access::programs_and_pages_agree(db) }
    fn a_token_works_as_long_as_it_should(db) { api_access::a_token_works_as_long_as_it_should(db) }
    fn a_service_has_a_role_and_a_name(db) { api_access::a_service_has_a_role_and_a_name(db) }
    fn only_tokens_open_the_api(db) { api_access::only_tokens_open_the_api(db) }
    fn a_program_does_the_officers_work(db) { api_acts::a_program_does_the_officers_work(db) }
    fn a_program_reads_the_whole_record(db) { api_acts::a_program_reads_the_whole_record(db) }
    fn programs_read_papers_and_receipts(db) { papers::programs_read_papers_and_receipts(db) }
    fn a_familys_program_asks_and_is_answered(db) { api_acts::a_familys_program_asks_and_is_answered(db) }
    fn another_childs_name_holds_a_message(db) { lock::another_childs_name_holds_a_message(db) }
    fn another_childs_number_is_let_go_by_a_second_person(db) { lock::another_childs_number_is_let_go_by_a_second_person(db) }
    fn a_plan_is_not_sent_to_the_other_family(db) { lock::a_plan_is_not_sent_to_the_other_family(db) }
    fn a_file_about_another_child_is_not_put_on_the_record(db) { lock::a_file_about_another_child_is_not_put_on_the_record(db) }
    fn names_recorded_before_there_were_keys_are_found(db) { lock::names_recorded_before_there_were_keys_are_found(db) }
    fn two_records_of_one_child_become_one_and_are_taken_apart(db) { joins::two_records_become_one(db) }
    fn the_clock_of_two_requests_starts_on_the_earlier_day(db) { joins::the_earlier_day_counts(db) }
    fn two_children_who_look_alike_are_told_apart(db) { joins::two_children_are_told_apart(db) }
    fn only_whom_the_front_door_names_reads_the_kept_record(db) { joins::the_family_is_asked_about(db) }
    fn who_may_join_records_and_who_may_not(db) { joins::who_may_join(db) }
    fn a_child_is_found_while_it_is_typed_in(db) { joins::a_child_is_found_as_typed(db) }
    fn a_contact_is_noted_promised_joined_and_parted(db) { contacts::noted_promised_joined_and_parted(db) }
    fn a_contact_goes_where_it_is_answered(db) { contacts::a_contact_goes_where_it_is_answered(db) }
    fn a_caller_is_found_by_their_own_name(db) { contacts::a_caller_is_found(db) }
    fn a_letter_goes_straight_to_the_record(db) { contacts::a_letter_goes_straight_to_the_record(db) }
    fn a_fact_keeps_every_value_it_had(db) { told_once::a_fact_keeps_every_value_it_had(db) }
    fn what_is_asked_is_counted_where_it_is_asked(db) { told_once::what_is_asked_is_counted_where_it_is_asked(db) }
    fn what_breaks_off_goes_on_where_it_stopped(db) { uploads::what_breaks_off_goes_on(db) }
    fn one_writes_at_a_time_and_altered_parts_are_not_kept(db) { uploads::one_writes_at_a_time(db) }
    fn files_that_are_hostile_or_too_much_are_turned_away(db) { uploads::what_is_hostile_or_too_much_is_turned_away(db) }
    fn a_form_without_an_account_takes_files_in_parts(db) { uploads::a_form_without_an_account_takes_files_in_parts(db) }
    fn a_family_adds_papers_and_nothing_typed_is_lost(db) { papers::a_family_adds_papers_and_has_a_receipt(db) }
    fn a_pdf_is_read_page_by_page_by_those_it_is_for(db) { papers::a_pdf_is_read_page_by_page_by_those_it_is_for(db) }
    fn papers_are_sent_once_and_read_by_those_they_are_for(db) { papers::papers_are_sent_once_and_read_by_those_they_are_for(db) }
    fn who_may_add_papers_is_who_the_table_says(db) { papers::who_may_add_papers_is_who_the_table_says(db) }
    fn a_redacted_copy_is_kept_apart_and_offered_first(db) { papers::a_redacted_copy_is_kept_apart_and_offered_first(db) }
    fn a_file_is_held_until_it_was_checked(db) { checks::a_file_is_held_until_it_was_checked(db) }
    fn what_is_unsafe_is_never_opened_and_everyone_is_told(db) { checks::what_is_unsafe_is_never_opened_and_everyone_is_told(db) }
    fn without_a_checker_files_can_be_read_and_the_page_says_so(db) { checks::without_a_checker_files_can_be_read_and_the_page_says_so(db) }
    fn somebody_is_told_the_way_they_chose(db) { post::somebody_is_told_the_way_they_chose(db) }
    fn a_letter_is_printed_posted_and_may_come_back(db) { post::a_letter_is_printed_posted_and_may_come_back(db) }
    fn nothing_comes_in_quiet_hours_and_a_digest_comes_once(db) { post::nothing_comes_in_quiet_hours_and_a_digest_comes_once(db) }
    fn a_text_goes_once_whatever_notify_answers(db) { post::a_text_goes_once_whatever_notify_answers(db) }
    fn what_does_not_arrive_goes_another_way(db) { post::what_does_not_arrive_goes_another_way(db) }
    fn a_mail_server_that_is_away_queues_and_says_so(db) { post::a_mail_server_that_is_away_queues_and_says_so(db) }
    fn words_are_forgotten_once_nobody_needs_them(db) { post::words_are_forgotten_once_nobody_needs_them(db) }
    fn somebody_covers_and_families_know_who(db) { cover::somebody_covers_and_families_know_who(db) }
    fn nobody_leaves_and_takes_a_child_along(db) { cover::nobody_leaves_and_takes_a_child_along(db) }
    fn promised_answers_are_measured(db) { cover::promised_answers_are_measured(db) }
    fn somebody_who_lost_their_address_comes_back_by_text(db) { restore::somebody_comes_back_by_text(db) }
    fn a_change_of_address_is_stopped_from_the_old_one(db) { restore::a_change_is_stopped_from_the_old_address(db) }
    fn somebody_seen_in_person_needs_two_of_the_staff(db) { restore::somebody_seen_needs_two_of_the_staff(db) }
    fn the_session_cookie_belongs_to_this_host(db) { sign_in::the_session_cookie_belongs_to_this_host(db) }
    fn a_professional_whom_the_family_invites_sees_what_it_shows(db) { independents::a_professional_whom_the_family_invites_sees_what_it_shows(db) }
    fn an_invitation_is_taken_back_or_ends(db) { independents::an_invitation_is_taken_back_or_ends(db) }
    fn a_record_is_opened_in_an_emergency(db) { emergency::a_record_is_opened_in_an_emergency(db) }
    fn what_may_put_somebody_at_risk_is_kept_back(db) { emergency::what_may_put_somebody_at_risk_is_kept_back(db) }
    fn whoever_can_open_nothing_more_learns_nothing_more(db) { emergency::whoever_can_open_nothing_more_learns_nothing_more(db) }
    fn nobody_looks_around_by_an_emergency(db) { emergency::nobody_looks_around_by_an_emergency(db) }
    fn one_form_invites_once(db) { independents::one_form_invites_once(db) }
    fn a_finished_report_is_entered_with_its_pages(db) { independents::a_finished_report_is_entered_with_its_pages(db) }
    fn a_visit_is_seen_by_family_and_school_and_its_notes_are_not(db) { visits::a_visit_is_seen_by_family_and_school_and_its_notes_are_not(db) }
    fn what_an_adviser_keeps_is_for_its_writers_alone(db) { visits::what_an_adviser_keeps_is_for_its_writers_alone(db) }
    fn of_an_unsafe_recording_only_its_writer_hears(db) { checks::of_an_unsafe_recording_only_its_writer_hears(db) }
    fn a_child_who_is_not_known_has_a_short_form(db) { advice::a_child_who_is_not_known_has_a_short_form(db) }
    fn a_webhook_is_told_and_signed(db) { webhooks::a_webhook_is_told_and_signed(db) }
    fn what_fails_is_tried_again_paused_and_replayed(db) { webhooks::what_fails_is_tried_again(db) }
    fn nobody_is_told_what_their_owner_may_not_see(db) { webhooks::nobody_is_told_too_much(db) }
    fn whoever_waited_longest_is_told_first(db) { webhooks::whoever_waited_longest_is_told_first(db) }
    fn what_is_changed_while_a_receiver_thinks_holds(db) { webhooks::what_is_changed_while_a_receiver_thinks_holds(db) }
    fn the_feed_is_read_without_gaps(db) { webhooks::the_feed_is_read_without_gaps(db) }
    fn whoever_asked_for_a_page_first_is_led_to_it(db) { sign_in::whoever_asked_for_a_page_first_is_led_to_it(db) }
    fn sessions_end_and_guessing_is_slowed(db) { sign_in::sessions_end_and_guessing_is_slowed(db) }
}
