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

#[cfg(test)]
mod tests;

/// A count as a report shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Count(u64),
    /// Not zero, and below the limit.
    Below,
    /// Hidden for the sake of others.
    Hidden,
}

/// Counts, and how they hang together.
#[derive(Debug, Default)]
pub struct Counts {
    counts: Vec<i64>,
    /// Numbers that no report has: by how much something is more than another.
    margins: Vec<bool>,
    /// Counts whose sum, each with its sign, is zero.
    relations: Vec<Vec<(usize, i64)>>,
}

/// What the reader of a report is taken to know of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Exactly,
    Below,
    FromLimitOn,
    Nothing,
}

/// How many steps a witness is looked for; without one more is hidden, which
/// is always safe.
const STEPS: usize = 300;

/// How many ways on are tried at each step.
const WAYS: usize = 16;

impl Counts {
    pub fn add(&mut self, count: u64) -> usize {
        self.push(i64::try_from(count).unwrap_or(i64::MAX), false)
    }

    fn push(&mut self, count: i64, margin: bool) -> usize {
        self.counts.push(count);
        self.margins.push(margin);
        self.counts.len() - 1
    }

    /// One count is the sum of others.
    pub fn is_sum(&mut self, total: usize, parts: &[usize]) {
        let parts = parts.iter().map(|part| (*part, -1));
        self.relations.push([(total, 1)].into_iter().chain(parts).collect());
    }

    /// One count is not more than the sum of others.
    pub fn is_at_most(&mut self, smaller: usize, larger: &[usize]) {
        let sum: i64 = larger.iter().map(|at| self.counts[*at]).sum();
        let margin = self.push(sum - self.counts[smaller], true);
        let larger = larger.iter().map(|at| (*at, -1));
        self.relations.push([(smaller, 1), (margin, 1)].into_iter().chain(larger).collect());
    }

    /// How each count is shown, in the order in which they were added; margins
    /// among them are hidden.
    pub fn suppressed(&self, limit: u32) -> Vec<Shown> {
        let known = Hiding::new(self, limit.into()).done();
        let shown = self.counts.iter().zip(known).map(|(count, known)| match known {
            Known::Exactly => Shown::Count(u64::try_from(*count).unwrap_or_default()),
            Known::Below => Shown::Below,
            Known::FromLimitOn | Known::Nothing => Shown::Hidden,
        });
        shown.collect()
    }
}

/// What is hidden so far, and the witness being looked for.
struct Hiding<'c> {
    counts: &'c Counts,
    limit: i64,
    known: Vec<Known>,
    /// The relations each count is in, with its sign there.
    relations_of: Vec<Vec<(usize, i64)>>,
    /// What the witness has more or less than the truth.
    change: Vec<i64>,
    /// By how much each relation does not hold in the witness.
    off: Vec<i64>,
    changed: Vec<usize>,
    steps: usize,
    /// The relations in which nothing more could be changed, with the step.
    dead_ends: Vec<(usize, usize)>,
}

impl<'c> Hiding<'c> {
    fn new(counts: &'c Counts, limit: i64) -> Self {
        let mut relations_of = vec![Vec::new(); counts.counts.len()];
        for (at, relation) in counts.relations.iter().enumerate() {
            for (count, sign) in relation {
                relations_of[*count].push((at, *sign));
            }
        }
        let known = counts.counts.iter().zip(&counts.margins).map(|(count, margin)| match margin {
            true => Known::Nothing,
            false if (1..limit).contains(count) => Known::Below,
            false => Known::Exactly,
        });
        Self {
            counts,
            limit,
            known: known.collect(),
            relations_of,
            change: vec![0; counts.counts.len()],
            off: vec![0; counts.relations.len()],
            changed: Vec::new(),
            steps: 0,
            dead_ends: Vec::new(),
        }
    }

    fn done(mut self) -> Vec<Known> {
        // A witness stays one when more is hidden.
        let mut safe = self.counts.margins.clone();
        let mut to_do: Vec<usize> =
            (0..safe.len()).rev().filter(|at| self.is_hidden(*at)).collect();
        // How far the witness's number is from the true one: a third of what
        // "below the limit" says, so that it is not as good as known.
        let far = ((self.limit - 1) / 3).max(1);
        while let Some(at) = to_do.pop() {
            while !safe[at] {
                if [far, -far].into_iter().any(|change| self.has_witness(at, change)) {
                    for changed in std::mem::take(&mut self.changed) {
                        safe[changed] |= self.change[changed].abs() >= far;
                        self.change[changed] = 0;
                        for (relation, _) in &self.relations_of[changed] {
                            self.off[*relation] = 0;
                        }
                    }
                } else {
                    match self.next_to_hide() {
                        Some(more) => to_do.push(more),
                        // Nothing is shown any more, not even what is small.
                        None => safe[at] = true,
                    }
                }
            }
        }
        self.known
    }

    fn is_hidden(&self, at: usize) -> bool {
        self.known[at] != Known::Exactly
    }

    /// Whether a number in place of the true one agrees with what is known.
    fn may_be(&self, at: usize, number: i64) -> bool {
        match self.known[at] {
            Known::Exactly => false,
            Known::Below => (1..self.limit).contains(&number),
            Known::FromLimitOn => number >= self.limit,
            Known::Nothing => number >= 0,
        }
    }

    /// Looks for a witness in which one count is another; where there is one,
    /// it stands in `change`.
    fn has_witness(&mut self, at: usize, change: i64) -> bool {
        if !self.may_be(at, self.counts.counts[at] + change) {
            return false;
        }
        self.steps = STEPS;
        self.put(at, change);
        let found = self.mended();
        if !found {
            self.take_back();
        }
        found
    }

    fn put(&mut self, at: usize, change: i64) {
        self.change[at] = change;
        self.changed.push(at);
        for (relation, sign) in &self.relations_of[at] {
            self.off[*relation] += sign * change;
        }
    }

    fn take_back(&mut self) {
        if let Some(at) = self.changed.pop() {
            let change = std::mem::take(&mut self.change[at]);
            for (relation, sign) in &self.relations_of[at] {
                self.off[*relation] -= sign * change;
            }
        }
    }

    /// Changes further counts until all relations hold again, the shortest
    /// relation first: there are the fewest ways on.
    fn mended(&mut self) -> bool {
        let broken = self
            .changed
            .iter()
            .flat_map(|at| &self.relations_of[*at])
            .map(|(relation, _)| *relation)
            .filter(|relation| self.off[*relation] != 0)
            .min_by_key(|relation| self.counts.relations[*relation].len());
        let Some(broken) = broken else {
            return true;
        };
        if self.steps == 0 {
            return false;
        }
        self.steps -= 1;
        let ways = self.ways_to_mend(broken);
        if ways.is_empty() {
            self.dead_ends.push((self.changed.len(), broken));
        }
        for (_, at, change) in ways {
            self.put(at, change);
            if self.mended() {
                return true;
            }
            self.take_back();
        }
        false
    }

    /// Counts that can take up what a relation is off by, those first that leave
    /// the fewest others off.
    fn ways_to_mend(&self, relation: usize) -> Vec<(usize, usize, i64)> {
        let among = &self.counts.relations[relation];
        // In a long relation not all start from the same end.
        let from = self.changed.first().map_or(0, |first| first % among.len());
        let mut ways: Vec<_> = among[from..]
            .iter()
            .chain(&among[..from])
            .filter(|(at, _)| self.is_hidden(*at) && self.change[*at] == 0)
            .map(|(at, sign)| (*at, -self.off[relation] * sign))
            .filter(|(at, change)| self.may_be(*at, self.counts.counts[*at] + change))
            .take(WAYS)
            .map(|(at, change)| {
                let off =
                    |(relation, sign): &&(usize, i64)| self.off[*relation] + sign * change != 0;
                (self.relations_of[at].iter().filter(off).count(), at, change)
            })
            .collect();
        ways.sort_by_key(|(off, ..)| *off);
        ways
    }

    /// Hides one more count, as near to where the search ended as there is one:
    /// one that says something, else a zero, else that something is small; of
    /// several the one that needs the fewest others hidden, then the smallest.
    fn next_to_hide(&mut self) -> Option<usize> {
        let mut dead_ends = std::mem::take(&mut self.dead_ends);
        dead_ends.sort_unstable();
        dead_ends.dedup();
        let near: Vec<(usize, usize)> = dead_ends
            .iter()
            .flat_map(|(step, relation)| {
                self.counts.relations[*relation].iter().map(|(at, _)| (*step, *at))
            })
            .collect();
        let anywhere = (0..self.known.len()).map(|at| (usize::MAX, at));
        let (_, at) = near
            .into_iter()
            .chain(anywhere)
            .filter(|(_, at)| !matches!(self.known[*at], Known::Nothing | Known::FromLimitOn))
            .min_by_key(|(step, at)| {
                let count = self.counts.counts[*at];
                let kind = match self.known[*at] {
                    Known::Exactly if count > 0 => 0,
                    Known::Exactly => 1,
                    _ => 2,
                };
                (*step == usize::MAX, kind, *step, self.needs_more(*at), count)
            })
            .or_else(|| {
                let known = |at: &usize| self.known[*at] == Known::FromLimitOn;
                (0..self.known.len()).find(known).map(|at| (0, at))
            })?;
        self.known[at] = match self.known[at] {
            Known::Exactly if self.counts.counts[at] >= self.limit => Known::FromLimitOn,
            _ => Known::Nothing,
        };
        Some(at)
    }

    /// In how many relations a count would be the only hidden one.
    fn needs_more(&self, at: usize) -> usize {
        let alone = |relation: usize| {
            self.counts.relations[relation]
                .iter()
                .all(|(other, _)| *other == at || !self.is_hidden(*other))
        };
        self.relations_of[at].iter().filter(|(relation, _)| alone(*relation)).count()
    }
}
