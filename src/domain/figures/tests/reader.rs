//! Somebody who wants the hidden numbers: by other means than those that hide them.
//! The reader knows how the counts hang together (written down here once more, by
//! name), solves all sums at once, and narrows each number down by what the others
//! leave it.

use super::*;

/// Sums a reader knows: a count, and those it is the sum of.
pub(super) fn sums(figures: &Figures) -> Vec<(usize, Vec<usize>)> {
    let keys = figures.keys();
    let width = keys.len();
    let mut sums = Vec::new();
    for row in 0..figures.rows.len() {
        let at = |key: &str| row * width + keys.iter().position(|other| other == key).unwrap();
        let each = |keys: &[&str]| keys.iter().map(|key| at(key)).collect::<Vec<_>>();
        sums.push((at("sign_ups"), each(&["waitlisted", "enrolled", "withdrawn"])));
        let reasons: Vec<&str> =
            keys.iter().map(String::as_str).filter(|key| key.starts_with("withdrawn_")).collect();
        assert_eq!(reasons.len(), Reason::ALL.len());
        sums.push((at("withdrawn"), each(&reasons)));
        sums.push((at("enrolled"), each(&["agreed", "not_agreed"])));
        sums.push((at("enrolled"), each(&["completed", "not_completed", "still_to_end"])));
        for week in 1..=figures.weeks {
            let of_week = format!("week_{week}_");
            let in_group = format!("{of_week}in_group");
            let parts: Vec<&str> = keys
                .iter()
                .map(String::as_str)
                .filter(|key| key.starts_with(&of_week) && *key != in_group)
                .collect();
            sums.push((at(&in_group), each(&parts)));
        }
    }
    if figures.rows.len() > 1 {
        let all = figures.rows.len() - 1;
        for column in 0..width {
            sums.push((all * width + column, (0..all).map(|row| row * width + column).collect()));
        }
    }
    sums
}

/// What a reader who solves all sums at once knows of each hidden count: they
/// are reckoned with modulo a large prime, which finds whatever is determined.
fn solved(shown: &[Shown], sums: &[(usize, Vec<usize>)], zero: &[usize]) -> Vec<usize> {
    const P: i128 = 2_305_843_009_213_693_951;
    let is_hidden = |at: &usize| !matches!(shown[*at], Shown::Count(_)) && !zero.contains(at);
    let hidden: Vec<usize> = (0..shown.len()).filter(is_hidden).collect();
    let mut rows: Vec<Vec<i128>> = sums
        .iter()
        .map(|(total, parts)| {
            hidden
                .iter()
                .map(|at| i128::from(parts.contains(at)) - i128::from(total == at))
                .map(|n| n.rem_euclid(P))
                .collect()
        })
        .collect();
    let power = |mut base: i128, mut exponent: i128| {
        let mut result = 1;
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result * base % P;
            }
            base = base * base % P;
            exponent >>= 1;
        }
        result
    };
    let mut done = 0;
    for column in 0..hidden.len() {
        let Some(pivot) = (done..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
        rows.swap(done, pivot);
        let inverse = power(rows[done][column], P - 2);
        for value in &mut rows[done] {
            *value = *value * inverse % P;
        }
        let pivot = rows[done].clone();
        for (index, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if index != done && factor != 0 {
                for (value, other) in row.iter_mut().zip(&pivot) {
                    *value = (*value - factor * other).rem_euclid(P);
                }
            }
        }
        done += 1;
    }
    // A row with one hidden count alone says what it is.
    rows.iter()
        .filter(|row| row.iter().filter(|value| **value != 0).count() == 1)
        .map(|row| hidden[row.iter().position(|value| *value != 0).unwrap()])
        .collect()
}

/// What a reader knows who narrows each count down by the others, until nothing
/// moves any more.
fn narrowed(
    shown: &[Shown],
    sums: &[(usize, Vec<usize>)],
    at_most: &[(usize, Vec<usize>)],
    zero: &[usize],
    limit: i64,
) -> Vec<(i64, i64)> {
    let mut spans: Vec<(i64, i64)> = shown
        .iter()
        .map(|shown| match shown {
            Shown::Count(count) => (count.cast_signed(), count.cast_signed()),
            Shown::Below => (1, limit - 1),
            Shown::Hidden => (0, 100_000),
        })
        .collect();
    for at in zero {
        spans[*at] = (0, 0);
    }
    loop {
        let before = spans.clone();
        for (total, parts) in sums {
            let low: i64 = parts.iter().map(|at| spans[*at].0).sum();
            let high: i64 = parts.iter().map(|at| spans[*at].1).sum();
            spans[*total] = (spans[*total].0.max(low), spans[*total].1.min(high));
            for at in parts {
                let (own_low, own_high) = spans[*at];
                let low: i64 = parts.iter().map(|at| spans[*at].0).sum();
                let high: i64 = parts.iter().map(|at| spans[*at].1).sum();
                let (total_low, total_high) = spans[*total];
                spans[*at] = (
                    own_low.max(total_low - (high - own_high)),
                    own_high.min(total_high - (low - own_low)),
                );
            }
        }
        for (smaller, larger) in at_most {
            let high: i64 = larger.iter().map(|at| spans[*at].1).sum();
            spans[*smaller].1 = spans[*smaller].1.min(high);
            for at in larger {
                let others = high - spans[*at].1;
                spans[*at].0 = spans[*at].0.max(spans[*smaller].0 - others);
            }
        }
        if spans == before {
            return spans;
        }
    }
}

/// What is given away, as "row key".
pub(super) fn given_away(
    figures: &Figures,
    truth: &Figures,
    groups: &[(Cohort, Vec<Member>)],
) -> Vec<String> {
    let shown: Vec<Shown> = figures.rows.iter().flat_map(|row| row.cells().to_vec()).collect();
    let (keys, sums) = (figures.keys(), sums(figures));
    let mut at_most = Vec::new();
    for row in 0..figures.rows.len() {
        let at = |key: &str| row * keys.len() + keys.iter().position(|other| other == key).unwrap();
        for week in 1..=figures.weeks {
            // Whoever waits to come back was in the group as well, which is rare: a
            // reader takes it that there is nobody like that, where there is not.
            let in_group = at(&format!("week_{week}_in_group"));
            let larger = vec![at("enrolled"), at("withdrawn")];
            let in_truth = |at: usize| match truth.rows[at / keys.len()].cells()[at % keys.len()] {
                Shown::Count(count) => count,
                Shown::Below | Shown::Hidden => 0,
            };
            if in_truth(in_group) <= larger.iter().map(|at| in_truth(*at)).sum() {
                at_most.push((in_group, larger));
            }
            let there =
                ["present", "late", "departed"].map(|mark| at(&format!("week_{week}_{mark}")));
            at_most.push((at("completed"), there.to_vec()));
        }
    }
    // Groups that only get smaller from week to week.
    for week in 2..=figures.weeks {
        let count = |row: &Row, week| match row.in_week(week, Attended::InGroup) {
            Shown::Count(count) => count,
            Shown::Below | Shown::Hidden => 0,
        };
        if truth.rows.iter().all(|row| count(row, week) <= count(row, week - 1)) {
            at_most.extend((0..figures.rows.len()).map(|row| {
                let at = |week| row * keys.len() + place(week, Attended::InGroup);
                (at(week), vec![at(week - 1)])
            }));
        }
    }
    let mut zero = Vec::new();
    for (index, row) in figures.rows.iter().enumerate() {
        let at =
            |key: &str| index * keys.len() + keys.iter().position(|other| other == key).unwrap();
        // Which cohorts a group is of; by site, any.
        let of = |cohort: &&(Cohort, Vec<Member>)| {
            let alone = report(figures.by, std::slice::from_ref(*cohort), 1);
            row.is_all
                || figures.by == By::Site
                || alone.rows.iter().any(|other| other.name == row.name)
        };
        let of: Vec<&Cohort> = groups.iter().filter(of).map(|(cohort, _)| cohort).collect();
        let is_over = |cohort: &&Cohort| cohort.stage(now().date()) == Stage::Over;
        if of.iter().all(is_over) {
            zero.push(at("still_to_end"));
        }
        if !of.iter().any(is_over) {
            zero.extend([at("completed"), at("not_completed")]);
        }
        for week in 1..=figures.weeks {
            let begun = |cohort: &&Cohort| cohort.sessions()[week as usize - 1].begins() <= now();
            let in_group = truth.rows[index].in_week(week, Attended::InGroup);
            let (Shown::Count(in_group), Shown::Count(enrolled)) =
                (in_group, truth.rows[index].at(Figure::Enrolled))
            else {
                continue;
            };
            if of.iter().all(begun) && enrolled <= in_group {
                at_most.push((at("enrolled"), vec![at(&format!("week_{week}_in_group"))]));
            }
        }
    }
    zero.retain(|at| !matches!(shown[*at], Shown::Count(_)));
    let mut known = solved(&shown, &sums, &zero);
    let spans = narrowed(&shown, &sums, &at_most, &zero, figures.limit.into());
    // What can only be zero gives nobody away, hidden or not.
    known.retain(|at| !zero.contains(at));
    known.extend(
        (0..shown.len())
            .filter(|at| !matches!(shown[*at], Shown::Count(_)) && !zero.contains(at))
            .filter(|at| spans[*at].0 >= spans[*at].1),
    );
    known
        .iter()
        .map(|at| format!("{} {}", figures.rows[at / keys.len()].name, keys[at % keys.len()]))
        .collect()
}
