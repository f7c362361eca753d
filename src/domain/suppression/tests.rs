//! Whoever reads a report is played by other means than those that hide:
//! small systems are solved by trying every number.

use proptest::prelude::*;

use super::*;

/// Groups by figures with totals both ways, as a report is; the sums are in
/// the last row and column.
fn shown(groups: &[Vec<u64>], limit: u32) -> Vec<Vec<Shown>> {
    let mut rows: Vec<Vec<u64>> = groups.to_vec();
    let columns = groups[0].len();
    rows.push((0..columns).map(|c| groups.iter().map(|g| g[c]).sum()).collect());
    for row in &mut rows {
        row.push(row.iter().sum());
    }
    let mut table = Table::new(rows, true);
    table.is_sum(columns, &(0..columns).collect::<Vec<_>>());
    table.suppressed(limit)
}

/// A reader who tries every number. Hidden parts are tried; totals follow.
struct Reader<'s> {
    shown: &'s [Vec<Shown>],
    limit: u64,
    groups: usize,
    columns: usize,
    /// The numbers that agree with all that is shown, place by place.
    found: Vec<Vec<Vec<u64>>>,
}

/// No part is tried beyond it.
const MOST: u64 = 11;

impl<'s> Reader<'s> {
    fn new(shown: &'s [Vec<Shown>], limit: u64) -> Self {
        let (groups, columns) = (shown.len() - 1, shown[0].len() - 1);
        let found = vec![vec![Vec::new(); columns + 1]; groups + 1];
        Self { shown, limit, groups, columns, found }
    }

    fn agrees(&self, row: usize, column: usize, number: u64) -> bool {
        match self.shown[row][column] {
            Shown::Count(count) => number == count,
            Shown::Below => (1..self.limit).contains(&number),
            Shown::Hidden => true,
        }
    }

    /// Goes on from some cells, each row's sum looked at once it is full.
    fn try_all(&mut self, cells: &mut Vec<u64>) {
        let (at, columns) = (cells.len(), self.columns);
        if at > 0 && at.is_multiple_of(columns) {
            let sum = cells[at - columns..].iter().sum();
            if !self.agrees(at / columns - 1, columns, sum) {
                return;
            }
        }
        if at == self.groups * columns {
            self.note(cells);
            return;
        }
        let (row, column) = (at / columns, at % columns);
        let tries = match self.shown[row][column] {
            Shown::Count(count) => count..=count,
            _ => 0..=MOST,
        };
        for number in tries {
            if self.agrees(row, column, number) {
                cells.push(number);
                self.try_all(cells);
                cells.pop();
            }
        }
    }

    fn note(&mut self, cells: &[u64]) {
        let mut all: Vec<Vec<u64>> = cells.chunks(self.columns).map(<[u64]>::to_vec).collect();
        all.push((0..self.columns).map(|c| all.iter().map(|row| row[c]).sum()).collect());
        for row in &mut all {
            row.push(row.iter().sum());
        }
        let agrees = |(r, row): (usize, &Vec<u64>)| {
            row.iter().enumerate().all(|(c, number)| self.agrees(r, c, *number))
        };
        if all.iter().enumerate().all(agrees) {
            for (found, number) in self.found.iter_mut().flatten().zip(all.concat()) {
                if !found.contains(&number) {
                    found.push(number);
                }
            }
        }
    }
}

fn as_text(groups: &[Vec<u64>], limit: u32) -> String {
    let row = |row: &Vec<Shown>| {
        let cells = row.iter().map(|cell| match cell {
            Shown::Count(count) => count.to_string(),
            Shown::Below => "<".into(),
            Shown::Hidden => "*".into(),
        });
        cells.collect::<Vec<_>>().join(" ")
    };
    shown(groups, limit).iter().map(row).collect::<Vec<_>>().join(", ")
}

#[test]
fn what_is_hidden() {
    let table: &[(&[&[u64]], &str)] = &[
        // Nothing is small.
        (&[&[10, 20], &[30, 0]], "10 20 30, 30 0 30, 40 20 60"),
        // 18 is 9 and 9: the total would give both away.
        (&[&[9, 9]], "< < *, < < *"),
        // The whole would give one part away.
        (&[&[30, 4], &[40, 50]], "* < 34, * * 90, 70 54 124"),
    ];
    for (groups, text) in table {
        let groups: Vec<Vec<u64>> = groups.iter().map(|row| row.to_vec()).collect();
        assert_eq!(as_text(&groups, 10), *text, "{groups:?}");
    }
}

#[test]
fn where_all_that_is_small_is_one_the_word_small_is_hidden_too() {
    // Six of at least one each are below seven: each would be one.
    let shown = shown(&[vec![1, 1, 1, 1, 1, 1]], 7);
    assert!(shown[0].contains(&Shown::Hidden), "{shown:?}");
}

#[test]
fn what_is_not_more_than_something_shown_is_not_given_away() {
    // The completed are 10 or more where they are hidden for others' sake, and
    // no more than the 10 who were there.
    let [enrolled, completed, not, there] = [0, 1, 2, 3];
    let mut table = Table::new(vec![vec![14, 10, 4, 10]], false);
    table.is_sum(enrolled, &[completed, not]);
    table.is_at_most(&[completed], &[there], |_| true);
    let shown = &table.suppressed(10)[0];
    assert_eq!(shown[not], Shown::Below);
    let hidden = [enrolled, completed, there].map(|at| shown[at] == Shown::Hidden);
    assert!(hidden[0] || (hidden[1] && hidden[2]), "{shown:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_hidden_count_has_one_number_alone(
        groups in prop_oneof![
            prop::collection::vec(prop::collection::vec(0..8u64, 2), 1..4),
            prop::collection::vec(prop::collection::vec(0..8u64, 3), 1..3),
        ],
        limit in 3..6u32,
    ) {
        let shown = shown(&groups, limit);
        let mut reader = Reader::new(&shown, limit.into());
        reader.try_all(&mut Vec::new());
        let two = &reader.found;
        for (row, found) in shown.iter().zip(two) {
            for (cell, two) in row.iter().zip(found) {
                if let Shown::Count(count) = cell {
                    prop_assert!(*count == 0 || *count >= limit.into());
                } else {
                    prop_assert!(two.len() > 1, "{} gives one away: {shown:?}", as_text(&groups, limit));
                }
            }
        }
    }

    #[test]
    fn what_is_small_is_hidden_and_what_is_not_is_mostly_shown(
        groups in prop::collection::vec(prop::collection::vec(20..90u64, 4), 2..6),
    ) {
        let all = shown(&groups, 10).concat();
        prop_assert!(all.iter().all(|cell| matches!(cell, Shown::Count(_))));
        let mut groups = groups;
        groups[0][0] = 3;
        let hidden = shown(&groups, 10).concat().iter().filter(|c| !matches!(c, Shown::Count(_))).count();
        prop_assert!((4..=6).contains(&hidden), "{} hides {hidden}", as_text(&groups, 10));
    }
}
