//! When each piece of advice in a team's queue can be reached, from the days it has and the days a
//! piece takes. A forecast, not a promise: the six weeks of regulation 8(1) stay what they are.

use jiff::civil::{Date, Weekday};

/// Days in tenths: 2.5 days are 25.
pub type TenthsOfDays = u32;

/// What a team said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// What one piece of advice takes, in the mean.
    pub each: TenthsOfDays,
    /// Days a week for advice, in a week without holidays.
    pub a_week: TenthsOfDays,
    /// Weeks that differ, by their Monday: leave, a locum.
    pub weeks: Vec<(Date, TenthsOfDays)>,
}

/// One week of the forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    pub monday: Date,
    pub days: TenthsOfDays,
    /// Pieces finished in this week, if nothing more comes.
    pub done: usize,
    /// Pieces still waiting at its end.
    pub waiting: usize,
}

/// The Monday of the week that this day is in.
pub fn monday(on: Date) -> Date {
    let back = on.weekday().since(Weekday::Monday);
    law::calendar::days(on, -i32::from(back))
}

impl Capacity {
    /// What the week has, less its bank holidays; of the week of `today` only what is left of it.
    fn days(&self, monday: Date, today: Date) -> TenthsOfDays {
        let whole = self.weeks.iter().rev().find(|(week, _)| *week == monday).map_or(self.a_week, |(_, days)| *days);
        let working = (0..5)
            .map(|day| law::calendar::days(monday, day))
            .filter(|day| *day >= today && law::calendar::is_working_day(*day))
            .count();
        whole * u32::try_from(working).unwrap_or(5) / 5
    }

    /// The same with so many more days in every week from a day on, as far as the forecast looks. The
    /// week of that day gets no more of them than its days from then on.
    #[must_use]
    pub fn with_more(&self, extra: TenthsOfDays, from: Date, today: Date, count: usize) -> Capacity {
        let mut weeks = self.weeks.clone();
        let mut week = monday(today);
        for _ in 0..count {
            let begun = (0..5).filter(|day| law::calendar::days(week, *day) >= from).count();
            let more = extra * u32::try_from(begun).unwrap_or(5) / 5;
            if more > 0 {
                let said = self.weeks.iter().rev().find(|(known, _)| *known == week);
                weeks.push((week, said.map_or(self.a_week, |(_, days)| *days) + more));
            }
            week = law::calendar::days(week, 7);
        }
        Capacity { weeks, ..self.clone() }
    }

    /// The next `count` weeks, and the Monday of the week in which each of `waiting` pieces is
    /// finished, in the order of the queue; none for those that lie beyond.
    pub fn forecast(&self, today: Date, waiting: usize, count: usize) -> (Vec<Week>, Vec<Option<Date>>) {
        let mut weeks = Vec::with_capacity(count);
        let mut reached = vec![None; waiting];
        let (mut saved, mut done) = (0, 0);
        let mut start = monday(today);
        for _ in 0..count {
            let days = self.days(start, today);
            saved += days;
            let before = done;
            while done < waiting && saved >= self.each {
                saved -= self.each;
                reached[done] = Some(start);
                done += 1;
            }
            // Nobody saves days up for a piece that has not come.
            if done == waiting {
                saved = 0;
            }
            weeks.push(Week { monday: start, days, done: done - before, waiting: waiting - done });
            start = law::calendar::days(start, 7);
        }
        (weeks, reached)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const MONDAY: Date = date(2026, 11, 23);

    fn capacity(each: TenthsOfDays, a_week: TenthsOfDays) -> Capacity {
        Capacity { each, a_week, weeks: vec![] }
    }

    #[test]
    fn a_queue_is_reached_week_by_week() {
        // Two days each, three a week: one in the first, two in the second.
        let (weeks, reached) = capacity(20, 30).forecast(MONDAY, 3, 3);
        assert_eq!(weeks.iter().map(|week| (week.done, week.waiting)).collect::<Vec<_>>(), [(1, 2), (2, 0), (0, 0)]);
        assert_eq!(reached, [Some(MONDAY), Some(date(2026, 11, 30)), Some(date(2026, 11, 30))]);
    }

    #[test]
    fn what_is_left_of_this_week_and_bank_holidays_count() {
        let thursday = date(2026, 12, 24);
        let (weeks, _) = capacity(10, 50).forecast(thursday, 9, 2);
        // Thursday alone before Christmas Day; then a week with its bank holiday on the Monday and on New Year's Day.
        assert_eq!(weeks.iter().map(|week| week.days).collect::<Vec<_>>(), [10, 30]);
        assert_eq!(weeks[0].monday, date(2026, 12, 21));
    }

    #[test]
    fn a_week_that_differs_is_taken_as_it_is() {
        let locum = Capacity { weeks: vec![(date(2026, 11, 30), 100)], ..capacity(20, 20) };
        let (weeks, _) = locum.forecast(MONDAY, 10, 3);
        assert_eq!(weeks.iter().map(|week| week.done).collect::<Vec<_>>(), [1, 5, 1]);
    }

    #[test]
    fn a_locum_from_a_day_on_counts_from_that_day() {
        // Two days a week at two days each, and two more from a Wednesday of the second week.
        let said = Capacity { weeks: vec![(date(2026, 12, 7), 0)], ..capacity(20, 20) };
        let (weeks, _) = said.with_more(20, date(2026, 12, 2), MONDAY, 4).forecast(MONDAY, 10, 4);
        assert_eq!(weeks.iter().map(|week| week.days).collect::<Vec<_>>(), [20, 32, 20, 40]);
        assert_eq!(said.with_more(20, date(2027, 12, 1), MONDAY, 4), said);
        assert_eq!(said.with_more(0, MONDAY, MONDAY, 4), said);
        let always = said.with_more(20, date(2020, 1, 1), MONDAY, 4).forecast(MONDAY, 10, 4).0;
        assert_eq!(always.iter().map(|week| week.days).collect::<Vec<_>>(), [40, 40, 20, 40]);
    }

    #[test]
    fn days_are_not_saved_up_for_what_has_not_come() {
        let (weeks, reached) = capacity(50, 20).forecast(MONDAY, 1, 4);
        assert_eq!(weeks.iter().map(|week| week.done).collect::<Vec<_>>(), [0, 0, 1, 0]);
        assert_eq!(reached, [Some(date(2026, 12, 7))]);
        let (_, never) = capacity(50, 0).forecast(MONDAY, 1, 12);
        assert_eq!(never, [None]);
    }

    #[test]
    fn more_days_never_reach_anything_later() {
        for each in [5, 10, 25, 40] {
            for a_week in [0, 5, 20, 35] {
                let (_, fewer) = capacity(each, a_week).forecast(MONDAY, 20, 30);
                let (_, more) = capacity(each, a_week + 5).forecast(MONDAY, 20, 30);
                for (fewer, more) in fewer.iter().zip(&more) {
                    assert!(fewer.is_none() || (more.is_some() && more <= fewer), "{each} {a_week}");
                }
            }
        }
    }
}
