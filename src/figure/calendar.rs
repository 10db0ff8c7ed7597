//! Calendar axes: years, months or days, whichever the span asks for.

use super::Context;
use crate::quantity::Date;

/// A period of an axis: a name centred between its bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// First day.
    pub from: f64,
    /// Day after the last.
    pub to: f64,
    /// Its name.
    pub label: String,
}

/// The marks of a calendar axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calendar {
    /// Long ticks.
    pub major: Vec<f64>,
    /// Short ticks.
    pub minor: Vec<f64>,
    /// Names between or under the ticks.
    pub spans: Vec<Span>,
    /// A second line of names, such as years under months.
    pub under: Vec<Span>,
}

impl Calendar {
    /// The same with the names of months in the words of the figure.
    #[must_use]
    pub(super) fn said(mut self, context: &Context) -> Self {
        for span in self.spans.iter_mut().chain(&mut self.under) {
            let words = span
                .label
                .split(' ')
                .map(|word| if MONTHS.contains(&word) { context.say(word) } else { word.to_owned() });
            span.label = words.collect::<Vec<String>>().join(" ");
        }
        self
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Year and month (0 to 11) of a day.
pub fn year_month(day: i32) -> (i32, u8) {
    let year = Date::from_days(day).map_or(1970, Date::year);
    let month = (0..12).rev().find(|&month| day >= month_start(year, month)).unwrap_or(0);
    (year, month)
}

/// The first day of a month (0 to 11) of a year.
pub fn month_start(year: i32, month: u8) -> i32 {
    let (year, month) = (year + i32::from(month / 12), month % 12);
    Date::new(year, month + 1, 1).map_or(i32::MAX, Date::days)
}

/// The day as `3 Mar 2006`.
pub fn day_name(day: i32) -> String {
    let (year, month) = year_month(day);
    format!("{} {} {year}", day - month_start(year, month) + 1, MONTHS[usize::from(month)])
}

/// The day as `3 Mar 2006`, the month in the words of the figure.
pub(super) fn said_day(day: i32, context: &Context) -> String {
    said(&day_name(day), context)
}

fn said(label: &str, context: &Context) -> String {
    let words = label.split(' ').map(|word| if MONTHS.contains(&word) { context.say(word) } else { word.to_owned() });
    words.collect::<Vec<String>>().join(" ")
}

/// The marks for the days from `first` up to `last`, in no more than `room` names.
pub fn axis(first: i32, last: i32, room: usize) -> Calendar {
    let days = last - first;
    let room = room.max(2) as i32;
    if days >= 500 {
        years(first, last, room)
    } else if days >= 56 {
        months(first, last, room)
    } else {
        weeks(first, last, room)
    }
}

fn years(first: i32, last: i32, room: i32) -> Calendar {
    let (from, to) = (year_month(first).0, year_month(last - 1).0);
    let count = to - from + 1;
    let steps = [1, 2, 5, 10, 20, 50, 100, 200];
    // One year named alone does not say how long the axis is: then more are, and those that would touch go without.
    let named = |step: i32| (from + 1..=to).filter(|year| year % step == 0).count();
    let wide = steps.iter().position(|step| count <= room * step).unwrap_or(steps.len() - 1);
    let step = steps[..=wide].iter().rev().copied().find(|step| *step == 1 || named(*step) >= 2).unwrap_or(1);
    let mut marks = Calendar::default();
    for year in from..=to + 1 {
        let start = month_start(year, 0);
        let within = first <= start && start <= last;
        if step == 1 {
            if within {
                marks.major.push(f64::from(start));
            }
            let (left, right) = (start.max(first), month_start(year + 1, 0).min(last));
            if left < right {
                marks.spans.push(Span { from: f64::from(left), to: f64::from(right), label: year.to_string() });
            }
            if count <= 6 {
                let quarters = [3, 6, 9].map(|month| month_start(year, month));
                marks.minor.extend(quarters.into_iter().filter(|q| first <= *q && *q <= last).map(f64::from));
            }
        } else if within && year % step == 0 {
            marks.major.push(f64::from(start));
            marks.spans.push(Span { from: f64::from(start), to: f64::from(start), label: year.to_string() });
        } else if within && count <= 60 {
            marks.minor.push(f64::from(start));
        }
    }
    marks
}

fn months(first: i32, last: i32, room: i32) -> Calendar {
    let mut marks = Calendar::default();
    let mut starts = Vec::new();
    let (mut year, mut month) = year_month(first);
    loop {
        let start = month_start(year, month);
        if start > last || starts.len() > 40 {
            break;
        }
        starts.push((year, month, start));
        (year, month) = if month == 11 { (year + 1, 0) } else { (year, month + 1) };
    }
    let count = starts.iter().filter(|(_, _, start)| *start < last).count() as i32;
    let step = [1, 2, 3, 6, 12].into_iter().find(|step| count <= room * step).unwrap_or(12) as u8;
    for &(year, month, start) in &starts {
        let next = month_start(year, month + 1);
        if first <= start {
            if month % step == 0 { marks.major.push(f64::from(start)) } else { marks.minor.push(f64::from(start)) }
        }
        let (left, right) = (start.max(first), next.min(last));
        if left < right && step == 1 {
            let label = MONTHS[usize::from(month)].to_owned();
            marks.spans.push(Span { from: f64::from(left), to: f64::from(right), label });
        } else if step > 1 && month % step == 0 && first <= start {
            let label = MONTHS[usize::from(month)].to_owned();
            marks.spans.push(Span { from: f64::from(start), to: f64::from(start), label });
        }
    }
    for year in year_month(first).0..=year_month(last - 1).0 {
        let (left, right) = (month_start(year, 0).max(first), month_start(year + 1, 0).min(last));
        marks.under.push(Span { from: f64::from(left), to: f64::from(right), label: year.to_string() });
    }
    marks
}

fn weeks(first: i32, last: i32, room: i32) -> Calendar {
    let days = (last - first).max(1);
    let step = [1, 2, 7, 14, 28].into_iter().find(|step| days <= room * step).unwrap_or(28);
    let mut marks = Calendar::default();
    let mut day = first;
    while day <= last {
        let (year, month) = year_month(day);
        let label = format!("{} {}", day - month_start(year, month) + 1, MONTHS[usize::from(month)]);
        marks.major.push(f64::from(day));
        marks.spans.push(Span { from: f64::from(day), to: f64::from(day), label });
        day += step;
    }
    let year = year_month(first).0.to_string();
    marks.under.push(Span { from: f64::from(first), to: f64::from(last), label: year });
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u8, day: u8) -> i32 {
        Date::new(year, month, day).expect("a date").days()
    }

    #[test]
    fn years_are_named_between_their_boundaries() {
        let marks = axis(day(2006, 1, 1), day(2009, 1, 1), 6);
        let names: Vec<&str> = marks.spans.iter().map(|span| span.label.as_str()).collect();
        assert_eq!(names, ["2006", "2007", "2008"]);
        assert_eq!(marks.major.len(), 4);
        assert_eq!(marks.minor.len(), 9);
    }

    #[test]
    fn short_spans_name_months_and_days() {
        let months = axis(day(2006, 1, 1), day(2006, 7, 1), 6);
        assert_eq!(months.spans[1].label, "Feb");
        assert_eq!(months.under[0].label, "2006");
        let days = axis(day(2006, 1, 1), day(2006, 1, 29), 6);
        assert_eq!(days.spans[1].label, "8 Jan");
        assert_eq!(day_name(day(2008, 2, 29)), "29 Feb 2008");
    }

    #[test]
    fn any_span_gives_few_names() {
        for days in [0, 1, 7, 50, 100, 400, 800, 5000, 40_000] {
            assert!(axis(day(2006, 1, 1), day(2006, 1, 1) + days, 5).spans.len() <= 8, "{days}");
        }
    }
}
