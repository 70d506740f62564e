"""All deadlines of the benchmark's cases, written plainly in Python: the comparison for `crates/law`.

It follows the same recipe for cases and the same rules for those four kinds of story, with the standard library's
dates, dictionaries and loops, as one would write it by hand. It prints the same checksum, which is how the two
programs prove that they give the same answers.

    python3 peer.py [CASES]
"""

import calendar
import sys
import time
from datetime import date, timedelta

EPOCH = date(2000, 1, 1)
MASK = (1 << 64) - 1

# Published bank holidays that differ from the standing pattern: moved or proclaimed.
ADDED = {date(2012, 6, 4), date(2012, 6, 5), date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3),
         date(2022, 9, 19), date(2023, 5, 8)}
MOVED = {date(2012, 5, 28), date(2020, 5, 4), date(2022, 5, 30)}


def easter(year):
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    n = h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114
    return date(year, n // 31, n % 31 + 1)


def holidays_of(year):
    def first_working(day, taken):
        while day.weekday() > 4 or day in taken:
            day += timedelta(1)
        return day

    def last_monday(month):
        day = date(year, month, 31)
        return day - timedelta(day.weekday())

    days = {first_working(date(year, 1, 1), ()), easter(year) - timedelta(2), easter(year) + timedelta(1)}
    days.add(first_working(date(year, 5, 1) + timedelta((-date(year, 5, 1).weekday()) % 7), ()))
    days.add(last_monday(5))
    days.add(last_monday(8))
    if date(year, 12, 25).weekday() == 6:  # Boxing Day keeps its Monday, Christmas Day moves to the Tuesday.
        days |= {date(year, 12, 26), date(year, 12, 27)}
    else:
        christmas = first_working(date(year, 12, 25), ())
        days |= {christmas, first_working(date(year, 12, 26), {christmas})}
    return days


HOLIDAYS = (set().union(*(holidays_of(year) for year in range(1985, 2080))) | ADDED) - MOVED


def is_working(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def working_after(day, n, counts=is_working):
    while n:
        day += timedelta(1)
        if counts(day):
            n -= 1
    return day


def is_closed(day):
    return day.month == 8 or (day.month == 12 and day.day >= 25) or (day.month == 1 and day.day == 1)


def on_or_before(day):
    while not is_working(day):
        day -= timedelta(1)
    return day


def on_or_after(day):
    while not is_working(day):
        day += timedelta(1)
    return day


def corresponding(day, months):
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)), day.day <= last


def months_beginning(day, months):
    end, exists = corresponding(day, months)
    return end - timedelta(1) if exists else end


def birthday(born, age):
    day, exists = corresponding(born, 12 * age)
    return day if exists else day + timedelta(1)


def school_year(day):
    return day.year if day.month >= 9 else day.year - 1


def tribunal_roll(day):
    if not is_closed(day):
        return on_or_after(day)
    if day.month == 8:
        return on_or_after(date(day.year, 9, 1))
    return on_or_after(date(day.year + (day.month == 12), 1, 2))


class Event:
    __slots__ = ("name", "on", "subject", "fact")

    def __init__(self, name, on, subject=0, fact=None):
        self.name, self.on, self.subject, self.fact = name, on, subject, fact


OVERTAKEN = {"request_withdrawn", "moved_area", "ftt_order_made", "la_notified_ftt_not_opposing", "mediation_agreement"}
REFUSED = OVERTAKEN | {"initial_refusal"}
PLANNED = REFUSED | {"final_plan_sent"}
DECIDED = OVERTAKEN | {"assessment_decision_notified", "decision_to_assess", "initial_refusal"}
FINAL = {"plan_ceased", "child_died", "moved_area", "plan_transferred", "appeal_withdrawn", "la_notified_ftt_not_opposing"}
PLAN_GONE = {"plan_ceased", "moved_area", "plan_transferred"}
GONE = {"plan_ceased", "moved_area"}
NO_CHANGE = GONE | {"maintain_decision_notified", "cease_decision_notified"}
OUTCOMES = {"review_decision_notified", "maintain_decision_notified", "amend_decision_notified", "cease_decision_notified"}
REVIEWED = OUTCOMES | {"last_review_completed"}
REVIEW_OVER = REVIEWED | {"plan_ceased"}
FOUR_LIMBS = ("closure", "circumstances", "absence4")
ADVICE_LIMBS = ("circumstances", "absence4", "missed")
ORDER_LIMBS = ("circumstances", "absence2", "closure")


class Rule:
    def __init__(self, code, triggers, count, met=(), ended=(), limbs=(), scope="case", kind="duty",
                 since=date(2014, 9, 1)):
        self.code, self.triggers, self.count, self.met = code, triggers, count, set(met)
        self.ended, self.limbs, self.scope, self.kind = set(ended), limbs, scope, kind
        self.since = since
        self.back = count[0] in ("weeks_before", "working_before")
        self.opening = "request_received" in triggers


REQUEST = ("request_received", "became_responsible")
RULES = [
    Rule("consult_parent_asap", REQUEST, ("weeks", 6), {"family_consulted"}, DECIDED),
    Rule("assess_decision_6w", REQUEST, ("weeks", 6),
         {"assessment_decision_notified", "decision_to_assess", "initial_refusal"}, OVERTAKEN, FOUR_LIMBS),
    Rule("not_necessary_determination_6w", REQUEST, ("weeks", 6),
         {"necessity_determined", "assessment_decision_notified", "decision_to_assess", "initial_refusal"}, OVERTAKEN),
    Rule("advice_reply_6w", ("advice_request_received_by_body",), ("weeks", 6), {"advice_received"},
         REFUSED | {"no_plan_notified", "final_plan_sent", "reassessed_plan_sent"},
         ADVICE_LIMBS, "thread"),
    Rule("no_plan_notice_16w", REQUEST, ("weeks", 16),
         {"no_plan_notified", "decision_to_issue_plan", "draft_plan_served"}, PLANNED, FOUR_LIMBS),
    Rule("draft_ready_14w", REQUEST, ("weeks", 14), {"draft_plan_served", "no_plan_notified"}, PLANNED),
    Rule("draft_representations_15d", ("draft_plan_served",), ("days_beginning", 15), {"representations_received"},
         {"draft_plan_served", "request_withdrawn", "moved_area"}),
    Rule("draft_earliest_finalise", ("draft_plan_served",), ("after_days_beginning", 15), {"final_plan_sent"},
         {"draft_plan_served", "request_withdrawn", "moved_area"}, kind="earliest"),
    Rule("school_consultation_reply_15d", ("consultation_received_by_institution",), ("days", 15),
         {"consultation_reply_received"}, {"request_withdrawn", "moved_area", "final_plan_sent", "amended_plan_sent"},
         scope="thread"),
    Rule("final_plan_20w", REQUEST, ("weeks", 20), {"final_plan_sent", "no_plan_notified"}, REFUSED, FOUR_LIMBS),
    Rule("secure_provision", ("final_plan_sent", "amended_plan_sent", "reassessed_plan_sent"), ("at_once",),
         {"provision_in_place"}, GONE, kind="marker"),
    Rule("annual_review_first_12m", ("plan_first_made",), ("months_beginning", 12), REVIEWED, PLAN_GONE),
    Rule("annual_review_next_12m", tuple(sorted(REVIEWED)), ("months_beginning", 12), REVIEWED, PLAN_GONE),
    Rule("annual_review_latest_meeting",
         ("last_review_completed", "plan_first_made", "review_decision_notified", "maintain_decision_notified",
          "amend_decision_notified"), ("months_beginning_less", 12, 28), {"review_meeting"}, PLAN_GONE),
    Rule("ar_notice_of_meeting_2w", ("review_meeting",), ("weeks_before", 2), {"review_invitation_sent"},
         REVIEW_OVER, scope="thread"),
    Rule("ar_circulate_advice_2w", ("review_meeting",), ("weeks_before", 2), {"review_advice_circulated"},
         REVIEW_OVER, scope="thread"),
    Rule("ar_report_2w", ("review_meeting",), ("weeks", 2), {"review_report_sent"}, REVIEW_OVER, scope="thread"),
    Rule("ar_decision_4w", ("review_meeting",), ("weeks", 4), OUTCOMES, GONE, scope="thread"),
    Rule("ar_amendment_notice_4w", ("review_meeting",), ("weeks", 4), {"amendment_notice_sent"}, NO_CHANGE, scope="thread"),
    Rule("ar_outer_limit_12w", ("review_meeting",), ("weeks", 12), {"amended_plan_sent", "not_amending_notified"},
         NO_CHANGE, scope="thread"),
    Rule("ar_meeting_anniversary_12m", ("review_meeting",), ("months_beginning", 12), {"review_meeting"}, PLAN_GONE),
    Rule("ar_amend_representations_15d", ("amendment_notice_served",), ("days_beginning", 15),
         {"representations_received"}, {"amendment_notice_served"} | GONE, scope="thread"),
    Rule("ar_final_amended_8w", ("amendment_notice_sent",), ("weeks", 8), {"amended_plan_sent", "not_amending_notified"},
         GONE | {"ftt_order_made", "la_notified_ftt_not_opposing", "mediation_agreement"}, scope="thread"),
    Rule("ar_decision_not_to_amend_8w", ("amendment_notice_sent",), ("weeks", 8),
         {"amended_plan_sent", "not_amending_notified"},
         GONE | {"ftt_order_made", "la_notified_ftt_not_opposing", "mediation_agreement"}, scope="thread"),
    Rule("amend_without_review_final_8w", ("amendment_notice_sent",), ("weeks", 8),
         {"amended_plan_sent", "not_amending_notified"},
         GONE | {"ftt_order_made", "la_notified_ftt_not_opposing", "mediation_agreement"}, scope="thread"),
    Rule("amend_without_review_representations_15d", ("amendment_notice_served",), ("days_beginning", 15),
         {"representations_received"}, {"amendment_notice_served"} | GONE, scope="thread"),
    Rule("phase_transfer_15feb", ("date_of_birth",), ("transfer", 2, 15), {"phase_transfer_plan_sent"}, GONE),
    Rule("phase_transfer_31mar", ("date_of_birth",), ("transfer", 3, 31), {"phase_transfer_plan_sent"}, GONE),
    Rule("phase_transfer_meeting_12w", ("date_of_birth",), ("transfer", 0, 0),
         {"phase_transfer_meeting", "phase_transfer_plan_sent"}, GONE),
    Rule("preparing_for_adulthood_from", ("date_of_birth",), ("year_group", 9), kind="marker"),
    Rule("compulsory_school_age_ends", ("date_of_birth",), ("school_age_ends", 0), kind="marker"),
    Rule("compulsory_school_age_starts", ("date_of_birth",), ("school_age_starts",), kind="marker"),
    Rule("capacity_conversation_term_before", ("date_of_birth",), ("school_age_ends", 84),
         {"capacity_conversation_held"}, GONE),
    Rule("plan_may_continue_to_after_25", ("date_of_birth",), ("after_25",), kind="marker"),
    Rule("la_transfer_plan", ("old_la_became_aware",), ("working_beginning_or_move", 15), {"plan_transferred"},
         {"plan_ceased"}),
    Rule("la_transfer_inform_6w", ("plan_transferred",), ("weeks", 6), {"new_la_informed_family"}, {"plan_ceased"}),
    Rule("la_transfer_review", ("plan_transferred",), ("transfer_review",), REVIEWED, {"plan_ceased"}),
    Rule("icb_change_notify_15wd", ("old_icb_became_aware",), ("working_beginning_or_move", 15), {"new_icb_notified"},
         {"plan_ceased"}),
    Rule("mediation_contact_2m", ("decision_notice_sent",), ("months", 2),
         {"mediation_adviser_contacted", "adviser_told_no_mediation", "mediation_certificate_issued"},
         {"appeal_lodged"}, scope="thread"),
    Rule("appeal_to_ftt", ("decision_notice_sent",), ("appeal",), {"appeal_lodged"}, scope="thread"),
    Rule("ftt_response_30wd", ("la_received_application_notice",), ("tribunal_days", 30),
         {"tribunal_response_sent", "la_notified_ftt_not_opposing"}, {"appeal_withdrawn"}, scope="thread"),
    Rule("ftt_order_assess_notify_2w", ("ftt_order_made",), ("weeks", 2),
         {"ordered_assessment_notified", "decision_to_assess", "notified_will_reassess"},
         {"moved_area", "request_withdrawn"}, ORDER_LIMBS, "thread"),
    Rule("ftt_order_assess_no_plan_10w", ("ftt_order_made",), ("weeks", 10),
         {"no_plan_notified", "decision_to_issue_plan", "draft_plan_served", "final_plan_sent", "reassessed_plan_sent"},
         {"moved_area", "request_withdrawn"}, ORDER_LIMBS, "thread"),
    Rule("ftt_order_assess_final_14w", ("ftt_order_made",), ("weeks", 14),
         {"final_plan_sent", "reassessed_plan_sent", "no_plan_notified"}, {"moved_area", "request_withdrawn"},
         ORDER_LIMBS, "thread"),
    Rule("subject_access_1m", ("sar_received",), ("months_then_working", 1), {"sar_answered"}, {"sar_extended"},
         scope="thread", since=date(2018, 5, 25)),
]
BY_TRIGGER = {}
for rule in RULES:
    for trigger in rule.triggers:
        BY_TRIGGER.setdefault(trigger, []).append(rule)

CLOSING = {"request_withdrawn", "initial_refusal", "no_plan_notified", "final_plan_sent", "moved_area", "plan_ceased"}
WITH_REVIEW = {"ar_amend_representations_15d", "ar_final_amended_8w", "ar_decision_not_to_amend_8w"}
WITHOUT_REVIEW = {"amend_without_review_final_8w", "amend_without_review_representations_15d"}
HAS_PLAN = {"plan_first_made", "final_plan_sent", "last_review_completed", "institution_type", "plan_transferred"}


def moved_at_once(events, trigger, n):
    moves = [e.on for e in events if e.name == "move" and e.on >= trigger.on and e.subject in (trigger.subject, 0)]
    if not moves:
        return None
    day, left = min(moves), n
    latest = day
    while left:
        latest -= timedelta(1)
        if is_working(latest):
            left -= 1
    return day if trigger.on <= latest else None


def count(rule, trigger, events, thread):
    """The due day, the safe day and whether the law says "before"; None where there is no such limit."""
    x, how = trigger.on, rule.count
    one = timedelta(1)
    if how[0] == "weeks":
        due = x + timedelta(weeks=how[1])
        return due, due - one, False
    if how[0] == "days":
        due = x + timedelta(how[1])
        return due, due - one, False
    if how[0] == "days_beginning":
        due = x + timedelta(how[1] - 1)
        return due, due, False
    if how[0] == "after_days_beginning":
        due = x + timedelta(how[1])
        return due, due, False
    if how[0] == "at_once":
        return x, x, False
    if how[0] == "months":
        due = corresponding(x, how[1])[0]
        return due, due - one, False
    if how[0] == "months_beginning":
        due = months_beginning(x, how[1])
        return due, due, False
    if how[0] == "months_beginning_less":
        due = months_beginning(x, how[1]) - timedelta(how[2])
        return due, due, False
    if how[0] == "weeks_before":
        due = x - timedelta(weeks=how[1])
        return due, due - one, False
    if how[0] == "working_beginning_or_move":
        due = moved_at_once(events, trigger, how[1]) or working_after(x - one, how[1])
        return due, due, False
    if how[0] == "tribunal_days":
        counts = lambda day: is_working(day) and not is_closed(day)
        due = working_after(x, how[1], counts)
        return due, min(due, working_after(x - one, how[1], counts)), False
    if how[0] == "months_then_working":
        label = corresponding(x, how[1])[0]
        due = on_or_after(label)
        return due, min(due, label - one), False
    if how[0] == "appeal":
        label = corresponding(x, 2)[0]
        certificates = [e.on for e in events if e.name == "mediation_certificate_issued" and e.on >= x
                        and e.subject in (trigger.subject, 0)]
        if certificates:
            label = max(label, corresponding(min(certificates), 1)[0])
        due = tribunal_roll(label)
        return due, min(due, label - one), False
    if how[0] == "transfer":
        group = next(e.fact for e in events if e.name == "transfer_to_ncy" and e.subject == thread)
        month, day = how[1], how[2]
        if (month == 2 and group >= 12) or (month == 3 and group < 12):
            return None
        if month == 0:
            label = date(school_year(x) + 5 + group, *((3, 31) if group >= 12 else (2, 15)))
            return label - timedelta(84), label - timedelta(84), False
        due = date(school_year(x) + 5 + group, month, day)
        return due, due - one, True
    if how[0] == "year_group":
        due = date(school_year(x) + 5 + how[1], 9, 1)
        return due, due, False
    if how[0] == "school_age_ends":
        last = date(school_year(birthday(x, 16)) + 1, 6, 30)
        due = last - timedelta((last.weekday() - 4) % 7) - timedelta(how[1])
        return due, due, False
    if how[0] == "school_age_starts":
        fifth = birthday(x, 5)
        due = date(fifth.year, *((3, 31) if fifth.month <= 3 else (8, 31) if fifth.month <= 8 else (12, 31)))
        return due, due, False
    if how[0] == "after_25":
        day = birthday(x, 25)
        due = date(day.year + (day.month >= 8), 7, 31)
        return due, due, False
    if how[0] == "transfer_review":
        due = months_beginning(x, 3)
        made = [e.on for e in events if e.name == "plan_made_or_last_review" and e.on <= x]
        if made:
            due = max(due, months_beginning(max(made), 12))
        return due, due, False
    raise ValueError(how)


def pairs(events, first, last):
    for event in events:
        if event.name == first:
            ends = [e.on for e in events if e.name == last and e.subject == event.subject and e.on >= event.on]
            if ends:
                yield event.on, min(ends)


def is_disapplied(rule, trigger, due, events):
    start, end = min(trigger.on, due), max(trigger.on, due)
    for limb in rule.limbs:
        if limb == "closure":
            for closed, reopens in pairs(events, "school_closed_from", "school_reopens"):
                if (reopens - closed).days < 28:
                    continue
                for e in events:
                    if e.name == "advice_requested" and start <= e.on <= end \
                            and closed - timedelta(7) <= e.on <= reopens - timedelta(7):
                        return True
        elif limb in ("absence4", "absence2"):
            least = 28 if limb == "absence4" else 14
            for away, back in pairs(events, "absent_from", "absent_to"):
                if (min(back, end) - max(away, start)).days + 1 >= least:
                    return True
        elif limb == "missed":
            for e in events:
                if e.name == "missed_appointment" and e.subject in (trigger.subject, 0) and start <= e.on <= end:
                    return True
    return False


def follows_a_review(events, notice):
    meetings = [e.on for e in events if e.name == "review_meeting" and e.subject == notice.subject and e.on <= notice.on]
    if not meetings:
        return False
    return not any(e.name in ("amended_plan_sent", "not_amending_notified", "maintain_decision_notified")
                   and e.subject == notice.subject and max(meetings) <= e.on < notice.on for e in events)


def outcome(rule, trigger, events, thread):
    def in_thread(event):
        if rule.count[0] == "transfer":
            return event.subject == thread
        return rule.scope == "case" or event.subject == trigger.subject

    bound = None
    if not rule.opening:
        for e in events:
            if e.name in rule.triggers and in_thread(e):
                if rule.back and e.on < trigger.on and (bound is None or e.on > bound):
                    bound = e.on
                if not rule.back and e.on > trigger.on and (bound is None or e.on < bound):
                    bound = e.on
    met = ended = None
    for e in events:
        if e.name not in rule.met and e.name not in rule.ended:
            continue
        if rule.back:
            may_meet = e.on <= trigger.on and (bound is None or e.on > bound)
            may_end = e.on >= trigger.on or (may_meet and e.name in FINAL)
        elif e.name in rule.triggers:
            may_meet = may_end = e.on > trigger.on
        else:
            may_meet = may_end = e.on >= trigger.on and (bound is None or e.on <= bound)
        if may_meet and e.name in rule.met and in_thread(e) and (met is None or e.on < met):
            met = e.on
        if may_end and e.name in rule.ended and (in_thread(e) or e.subject == 0) and (ended is None or e.on < ended):
            if e.name == "moved_area" and e.on <= trigger.on:
                continue
            ended = e.on
    if met is not None and (ended is None or met <= ended):
        return met, False
    return None, ended is not None


def deadlines(events):
    names = {e.name for e in events}
    found = []
    for index, event in enumerate(events):
        for rule in BY_TRIGGER.get(event.name, ()):
            if event.on < rule.since and event.name != "date_of_birth":
                continue
            if any(e.name in rule.triggers and e.name != event.name and e.on == event.on
                   and (rule.scope == "case" or e.subject == event.subject) for e in events[:index]):
                continue
            if rule.code in WITH_REVIEW and not follows_a_review(events, event):
                continue
            if rule.code in WITHOUT_REVIEW and follows_a_review(events, event):
                continue
            if rule.code == "plan_may_continue_to_after_25" and not names & HAS_PLAN:
                continue
            threads = [event.subject]
            if rule.count[0] == "transfer":
                threads = sorted({e.subject for e in events if e.name == "transfer_to_ncy"})
            for thread in threads:
                counted = count(rule, event, events, thread)
                if counted is None:
                    continue
                due, safe, strictly = counted
                if rule.kind == "earliest":
                    do_by = on_or_after(due)
                else:
                    do_by = on_or_before(safe if strictly else due)
                    if do_by < event.on and not rule.back:
                        do_by = on_or_after(due)
                met, superseded = outcome(rule, event, events, thread)
                disapplied = is_disapplied(rule, event, due, events)
                found.append((rule.code, thread, event.on, due, safe, do_by, met, superseded, disapplied))
    return found


class Dice:
    def __init__(self, state):
        self.state = state & MASK

    def below(self, bound):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK
        return (self.state >> 33) % bound


STORIES = [
    [("request_received", 0, 1, 0), ("family_consulted", 5, 20, 0), ("decision_to_assess", 25, 30, 0),
     ("advice_request_received_by_body", 40, 15, 1), ("advice_request_received_by_body", 40, 15, 2),
     ("advice_received", 75, 40, 1), ("advice_received", 75, 60, 2), ("missed_appointment", 50, 40, 2),
     ("draft_plan_served", 100, 40, 0), ("representations_received", 141, 14, 0),
     ("consultation_received_by_institution", 101, 30, 3), ("final_plan_sent", 150, 60, 0)],
    [("request_received", 0, 1, 0), ("advice_requested", 10, 60, 0), ("school_closed_from", 20, 20, 0),
     ("school_reopens", 60, 30, 0), ("absent_from", 15, 30, 0), ("absent_to", 50, 60, 0),
     ("initial_refusal", 30, 30, 0), ("decision_notice_sent", 30, 30, 0), ("mediation_adviser_contacted", 60, 60, 0),
     ("mediation_certificate_issued", 80, 60, 0), ("la_received_application_notice", 100, 60, 0),
     ("ftt_order_made", 200, 120, 0)],
    [("plan_first_made", 0, 1, 0), ("review_invitation_sent", 300, 20, 1), ("review_meeting", 325, 20, 1),
     ("review_report_sent", 345, 25, 1), ("amend_decision_notified", 350, 40, 1), ("amendment_notice_sent", 350, 40, 1),
     ("amendment_notice_served", 390, 5, 1), ("amended_plan_sent", 400, 60, 1), ("review_meeting", 690, 30, 2),
     ("review_report_sent", 720, 30, 2), ("maintain_decision_notified", 720, 40, 2),
     ("last_review_completed", 760, 1, 0)],
    [("date_of_birth", -4000, 3000, 0), ("transfer_to_ncy", 0, 1, 1), ("transfer_to_ncy", 0, 1, 2),
     ("plan_made_or_last_review", 0, 100, 0), ("move", 120, 60, 0), ("old_la_became_aware", 100, 60, 0),
     ("plan_transferred", 150, 60, 0), ("new_la_informed_family", 190, 60, 0), ("old_icb_became_aware", 130, 60, 0),
     ("new_icb_notified", 150, 60, 0), ("sar_received", 50, 100, 3), ("sar_answered", 80, 120, 3)],
]


def story(number):
    dice = Dice(number * 0x9E3779B97F4A7C15 + 1)
    start = 5479 + dice.below(3652)
    kind = dice.below(4)
    events = []
    for name, base, spread, subject in STORIES[kind]:
        fact = {1: 7, 2: 12}.get(subject) if name == "transfer_to_ncy" else None
        events.append(Event(name, EPOCH + timedelta(start + base + dice.below(spread)), subject, fact))
    return events


def fold(total, found):
    code, _, _, due, safe, do_by, met, superseded, disapplied = found
    name = 0
    for byte in code.encode():
        name = (name * 31 + byte) & MASK
    day = lambda on: abs((on - EPOCH).days)
    for part in (name, day(due), day(safe), day(do_by), 0 if met is None else day(met), int(superseded), int(disapplied)):
        total = (total * 1000003 + part) & MASK
    return total


def main():
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    stories = [story(number) for number in range(cases)]
    started = time.process_time()
    answers = [deadlines(events) for events in stories]
    took = time.process_time() - started
    total = 0
    for found in answers:
        for one in sorted(found, key=lambda one: one[:3]):
            total = fold(total, one)
    print(f"cases {cases}")
    print(f"deadlines {sum(len(found) for found in answers)}")
    print(f"checksum {total}")
    print(f"core_seconds {took:.3f}")
    print(f"cases_per_core_second {cases / took:.0f}")


if __name__ == "__main__":
    main()
