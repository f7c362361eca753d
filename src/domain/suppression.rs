//! Which counts of a report are hidden, so that no small group can be seen or
//! worked out in it.
//!
//! A count below the limit is hidden, unless it is zero. Whoever reads the rest
//! knows how the counts hang together (a total is the sum of its groups, the
//! withdrawn are those of each reason, and so on), so more are hidden until
//! every hidden count has a witness: another report, with another number in
//! that place, of which all that is shown is true as well. What the reader is
//! taken to know is more than the page says: that whatever is hidden for the
//! sake of others is not below the limit.
//!
//! A witness moves some people from one figure to another in one group, and as
//! many the other way in a second group, or in the total of all. Of those there
//! are, the one is taken that hides the least.

mod search;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use search::Search;

/// A count as a report shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Count(u64),
    /// Not zero, and below the limit.
    Below,
    /// Hidden for the sake of others.
    Hidden,
}

/// Groups by figures, and how the figures of each group hang together.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<i64>>,
    /// Whether the last row is the sum of the others.
    has_total: bool,
    /// How many figures a report has; what stands behind them is by how much
    /// something is more than another, which none has.
    width: usize,
    /// Figures whose sum, each with its sign, is zero.
    relations: Vec<Vec<(usize, i64)>>,
    /// What cannot be otherwise, by row and figure, and every reader knows it.
    fixed: HashSet<(usize, usize)>,
    /// By how much something is more than another, where nobody can reckon with
    /// its being more at all.
    free: HashSet<(usize, usize)>,
}

/// What the reader of a report is taken to know of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Exactly,
    Below,
    FromLimitOn,
    Nothing,
}

/// In how many other groups it is looked for, besides the total.
const OTHERS: usize = 12;

/// What it costs to hide one more count, and its size on top, up to as much
/// again; one of the total more than that; that it is zero; or to say not even
/// that it is small.
const MORE: u64 = 100;
const OF_TOTAL: u64 = 300;
const ZERO: u64 = 1_000;
const SMALL: u64 = 10_000;

impl Table {
    pub fn new(rows: Vec<Vec<u64>>, has_total: bool) -> Self {
        let width = rows.first().map_or(0, Vec::len);
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let rows = rows.into_iter().map(|row| row.into_iter().map(signed).collect()).collect();
        let (fixed, free) = (HashSet::new(), HashSet::new());
        Self { rows, has_total, width, relations: Vec::new(), fixed, free }
    }

    /// One figure is the sum of others.
    pub fn is_sum(&mut self, total: usize, parts: &[usize]) {
        let parts = parts.iter().map(|part| (*part, -1));
        self.relations.push([(total, 1)].into_iter().chain(parts).collect());
    }

    /// A count can only be zero, whatever else is so.
    pub fn is_zero(&mut self, row: usize, figure: usize) {
        if self.rows[row][figure] == 0 {
            self.fixed.insert((row, figure));
        }
    }

    /// Some figures together are not more than others, in the groups of which
    /// `holds` says so; where it is not so, nobody can reckon with it.
    pub fn is_at_most(
        &mut self,
        smaller: &[usize],
        larger: &[usize],
        holds: impl Fn(usize) -> bool,
    ) {
        let sum = |row: &[i64], of: &[usize]| of.iter().map(|at| row[*at]).sum::<i64>();
        let at = self.rows.first().map_or(0, Vec::len);
        for (index, row) in self.rows.iter_mut().enumerate() {
            let margin = sum(row, larger) - sum(row, smaller);
            if margin < 0 || !holds(index) {
                self.free.insert((index, at));
            }
            row.push(margin);
        }
        let smaller = smaller.iter().map(|at| (*at, 1));
        let larger = larger.iter().map(|at| (*at, -1));
        self.relations.push(smaller.chain([(at, 1)]).chain(larger).collect());
    }

    /// How each count is shown.
    pub fn suppressed(&self, limit: u32) -> Vec<Vec<Shown>> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let known = Hiding::new(self, limit.into()).done();
        let show = |count: &i64, known: &Known| match known {
            Known::Exactly => Shown::Count(u64::try_from(*count).unwrap_or_default()),
            Known::Below => Shown::Below,
            Known::FromLimitOn | Known::Nothing => Shown::Hidden,
        };
        let rows = self.rows.iter().zip(&known);
        rows.map(|(row, known)| {
            row.iter()
                .zip(known)
                .take(self.width)
                .map(|(count, known)| show(count, known))
                .collect()
        })
        .collect()
    }
}

/// What is hidden so far.
struct Hiding<'t> {
    table: &'t Table,
    limit: i64,
    known: Vec<Vec<Known>>,
    /// The relations each figure is in, with its sign there.
    relations_of: Vec<Vec<(usize, i64)>>,
}

/// The rows that a witness changes: the first, and the second by as much times
/// the sign.
type Pair = (usize, Option<(usize, i64)>);

/// What a witness changes, figure by figure.
#[derive(Debug, Clone)]
struct Witness {
    pair: Pair,
    change: Vec<i64>,
    cost: u64,
}

impl<'t> Hiding<'t> {
    fn new(table: &'t Table, limit: i64) -> Self {
        let figures = table.rows.first().map_or(0, Vec::len);
        let mut relations_of = vec![Vec::new(); figures];
        for (at, relation) in table.relations.iter().enumerate() {
            for (figure, sign) in relation {
                relations_of[*figure].push((at, *sign));
            }
        }
        let known = |(at, count): (usize, &i64)| match at {
            at if at >= table.width => Known::Nothing,
            _ if (1..limit).contains(count) => Known::Below,
            _ => Known::Exactly,
        };
        let known = table.rows.iter().map(|row| row.iter().enumerate().map(known).collect());
        Self { table, limit, known: known.collect(), relations_of }
    }

    fn done(mut self) -> Vec<Vec<Known>> {
        let rows = self.table.rows.len();
        // A witness stays one when more is hidden.
        let mut safe = vec![vec![false; self.table.width]; rows];
        // Whatever is hidden on the way has the witness for whose sake it is.
        for row in 0..rows {
            for figure in 0..self.table.width {
                if self.known[row][figure] == Known::Exactly || safe[row][figure] {
                    continue;
                }
                let Some(witness) = self.cheapest(row, figure) else {
                    // Nobody has seen it; and nothing at all gives nothing away.
                    return vec![vec![Known::Nothing; self.relations_of.len()]; rows];
                };
                let second = witness.pair.1;
                for (at, change) in witness.change.iter().enumerate().filter(|(_, c)| **c != 0) {
                    for (row, sign) in [(row, 1)].into_iter().chain(second) {
                        let hidden =
                            self.if_changed(row, at, change * sign).map(|(_, known)| known);
                        self.known[row][at] = hidden.unwrap_or(Known::Nothing);
                        if at < self.table.width {
                            safe[row][at] = true;
                        }
                    }
                }
            }
        }
        self.known
    }

    /// The witness for a count that hides the least: in this row and the total,
    /// or in this row and another one.
    fn cheapest(&self, row: usize, figure: usize) -> Option<Witness> {
        // How far the other number is from the true one: a third of what "below
        // the limit" says, where that hides not much more than the next number.
        let far = ((self.limit - 1) / 3).max(1);
        let mut best: Option<Witness> = None;
        for pair in self.pairs(row) {
            for (change, extra) in [(far, 0), (-far, 0), (1, MORE), (-1, MORE)] {
                let limit = best.as_ref().map_or(u64::MAX, |best| best.cost);
                let mut search = Search::new(self, pair, limit);
                search.put_first(figure, change, extra);
                best = search.best.or(best);
                if best.as_ref().is_some_and(|best| best.cost == 0) {
                    return best;
                }
            }
        }
        best
    }

    fn pairs(&self, row: usize) -> Vec<Pair> {
        let rows = self.table.rows.len();
        if !self.table.has_total {
            // The only group there is.
            return vec![(row, None)];
        }
        let total = rows - 1;
        let groups = (1..total.max(1)).map(|next| (row + next) % total);
        if row == total {
            return (0..total.min(OTHERS)).map(|other| (row, Some((other, 1)))).collect();
        }
        let others = groups.filter(|other| *other != row).take(OTHERS);
        others.map(|other| (row, Some((other, -1)))).chain([(row, Some((total, 1)))]).collect()
    }

    /// What a change of a count costs, and what may then be known of it; nothing
    /// where it cannot be.
    fn if_changed(&self, row: usize, figure: usize, change: i64) -> Option<(u64, Known)> {
        let (count, limit) = (self.table.rows[row][figure], self.limit);
        if self.table.fixed.contains(&(row, figure)) {
            return None;
        }
        if self.table.free.contains(&(row, figure)) {
            return Some((0, Known::Nothing));
        }
        let number = count + change;
        if number < 0 {
            return None;
        }
        let small = (1..limit).contains(&number);
        Some(match self.known[row][figure] {
            Known::Exactly if count == 0 => (ZERO, Known::Nothing),
            Known::Exactly => {
                let is_total = self.table.has_total && row + 1 == self.table.rows.len();
                let of_total = if is_total { OF_TOTAL } else { 0 };
                let cost = MORE + of_total + count.unsigned_abs().min(MORE);
                if number >= limit {
                    (cost, Known::FromLimitOn)
                } else {
                    (cost + SMALL, Known::Nothing)
                }
            }
            Known::Below if small => (0, Known::Below),
            Known::FromLimitOn if number >= limit => (0, Known::FromLimitOn),
            Known::Nothing => (0, Known::Nothing),
            Known::Below | Known::FromLimitOn => (SMALL, Known::Nothing),
        })
    }
}
