//! The search for a witness: another report that fits what is shown.

use super::{Hiding, Pair, Witness};

/// How long a witness is looked for in each pair of groups.
const STEPS: usize = 120;

/// Looks for a witness in one pair of rows.
pub(super) struct Search<'h> {
    hiding: &'h Hiding<'h>,
    pair: Pair,
    change: Vec<i64>,
    /// By how much each relation does not hold.
    off: Vec<i64>,
    steps: usize,
    /// A witness that costs as much is of no use.
    limit: u64,
    pub(super) best: Option<Witness>,
}

impl<'h> Search<'h> {
    pub(super) fn new(hiding: &'h Hiding<'h>, pair: Pair, limit: u64) -> Self {
        Self {
            hiding,
            pair,
            change: vec![0; hiding.relations_of.len()],
            off: vec![0; hiding.table.relations.len()],
            steps: STEPS,
            limit,
            best: None,
        }
    }

    pub(super) fn put_first(&mut self, figure: usize, change: i64, extra: u64) {
        if let Some(cost) = self.cost(figure, change) {
            self.put(figure, change);
            self.mend(cost + extra);
        }
    }

    /// What a change costs in both rows.
    fn cost(&self, figure: usize, change: i64) -> Option<u64> {
        let (first, second) = self.pair;
        let mut cost = self.hiding.if_changed(first, figure, change)?.0;
        if let Some((row, sign)) = second {
            cost += self.hiding.if_changed(row, figure, change * sign)?.0;
        }
        Some(cost)
    }

    fn put(&mut self, figure: usize, change: i64) {
        self.change[figure] += change;
        for (relation, sign) in &self.hiding.relations_of[figure] {
            self.off[*relation] += sign * change;
        }
    }

    /// Changes further figures until all relations hold again, the shortest
    /// relation first and in it what costs the least.
    fn mend(&mut self, cost: u64) {
        if cost >= self.limit || self.steps == 0 {
            return;
        }
        self.steps -= 1;
        let relations = &self.hiding.table.relations;
        let broken = (0..relations.len())
            .filter(|relation| self.off[*relation] != 0)
            .min_by_key(|relation| relations[*relation].len());
        let Some(broken) = broken else {
            self.limit = cost;
            self.best = Some(Witness { pair: self.pair, change: self.change.clone(), cost });
            return;
        };
        let off = self.off[broken];
        let mut ways: Vec<(u64, usize, usize, i64)> = relations[broken]
            .iter()
            .filter(|(figure, _)| self.change[*figure] == 0)
            .filter_map(|(figure, sign)| {
                let change = -off * sign;
                let cost = self.cost(*figure, change)?;
                let leaves_off =
                    |(relation, sign): &&(usize, i64)| self.off[*relation] + sign * change != 0;
                let off = self.hiding.relations_of[*figure].iter().filter(leaves_off).count();
                Some((cost, off, *figure, change))
            })
            .collect();
        ways.sort_unstable();
        for (more, _, figure, change) in ways {
            self.put(figure, change);
            self.mend(cost + more);
            self.put(figure, -change);
        }
    }
}
