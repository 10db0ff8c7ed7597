//! The spread of a difference in plain sentences, and as JSON.

use super::name::wrapped;
use super::spread::{Node, Proof, Reach, Root, SHARES, Spread, Spreads};
use crate::quantity::Carrier;
use crate::statistics::Moments;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Roots printed.
const ROOTS: usize = 5;
/// Links of a chain printed.
const LINKS: usize = 8;

impl Spread {
    /// What spread, in sentences for a scholar.
    pub fn text(&self) -> String {
        let recorded = self.cases().filter(|node| node.recorded).count();
        let (baseline, arm) = self.accepted;
        let mut out = format!(
            "Replicate {}: {baseline} cooperations in the baseline, {arm} in the arm, {:+}. {} cases arrived in the baseline, {} in \
             the arm; {recorded} were decided otherwise or had other consequences.\n",
            self.replicate,
            arm as i64 - baseline as i64,
            self.arrived.0,
            self.arrived.1
        );
        let Some(first) = self.cases().next() else {
            out += "The two worlds never differ in a decision.\n";
            return out;
        };
        out += "\nWhat carried the additional cooperations\n\n";
        out += &self.carrier_rows();
        let _ = write!(out, "\nThe first decision that differed\n\n{}", self.tell(first));
        let _ = writeln!(out, "  It goes back to {}.", self.origin(first));
        out += &self.chains();
        out += "\nCarriers and what would have been without them are answers of the model, not of the world.\n";
        wrapped(&out)
    }

    fn carrier_rows(&self) -> String {
        let mut out = format!("  {:<30}{:>12}{:>12}{:>12}{:>12}\n", "", "direct", "built on", "passed on", "together");
        let mut sum = [0; Reach::COUNT];
        for (carrier, shares) in Carrier::ALL.iter().zip(&self.shares) {
            sum.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share);
            if *shares != [0; Reach::COUNT] {
                out += &row(carrier.label(), shares);
            }
        }
        out += &row("all", &sum);
        out + "\n  direct: the carrying piece was last changed from outside; built on: it began to differ from outside and\n  \
               earlier cases have changed it since; passed on: an earlier case made it begin to differ.\n"
    }

    fn tell(&self, node: &Node) -> String {
        let state = |index: Option<usize>| index.map_or("", |index| &*self.states[index]);
        let numbers = match node.numbers {
            (Some(a), Some(b)) => format!("case {a} of the baseline, {b} of the arm"),
            (Some(a), None) => format!("case {a} of the baseline"),
            (None, Some(b)) => format!("case {b} of the arm"),
            (None, None) => "not among the recorded cases".to_owned(),
        };
        format!(
            "  {}, a case in {} that leads to {} ({numbers}).\n  In the baseline {}.\n  In the arm {}.\n  Carried by {}.\n",
            node.date,
            state(node.state),
            state(node.other),
            node.told.0,
            node.told.1,
            carried(node)
        )
    }

    fn parent(&self, node: &Node) -> Option<&Node> {
        node.parent.and_then(|id| self.nodes.get(id as usize - 1))
    }

    fn origin(&self, node: &Node) -> String {
        match self.parent(node) {
            Some(parent) if parent.root == Root::Case => {
                format!("the case of {} handled by {}", parent.date, parent.handler)
            }
            Some(parent) => match parent.root {
                Root::Person | Root::Unit => format!("{}, acted on from outside", parent.handler),
                _ => parent.handler.clone(),
            },
            None => "nothing".to_owned(),
        }
    }

    /// The roots with most behind them, each with its longest chain.
    fn chains(&self) -> String {
        let count = self.nodes.len();
        let mut root_of: Vec<usize> = (0..count).collect();
        let mut depth = vec![0_u32; count];
        for (place, node) in self.nodes.iter().enumerate() {
            if let Some(parent) = node.parent {
                root_of[place] = root_of[parent as usize - 1];
                depth[place] = depth[parent as usize - 1] + 1;
            }
        }
        let mut roots: Vec<(usize, u32, i64)> = Vec::new();
        for (place, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.root != Root::Case) {
            let members = (0..count).filter(|other| root_of[*other] == place && *other != place);
            let (mut cases, mut gained) = (0, 0);
            for member in members.filter(|member| self.nodes[*member].recorded) {
                cases += 1;
                gained += self.nodes[member].gained;
            }
            roots.push((place, cases, gained));
            debug_assert!(node.parent.is_none());
        }
        roots.sort_by_key(|(place, cases, _)| (std::cmp::Reverse(*cases), *place));
        let mut out = format!("\nThe biggest chains, of {}\n", roots.len());
        for &(root, cases, gained) in roots.iter().take(ROOTS) {
            let node = &self.nodes[root];
            let _ = writeln!(
                out,
                "\n  {}: recorded cases that go back to it {cases}, cooperations {gained:+}.",
                node.handler
            );
            let deepest = (0..count)
                .filter(|place| root_of[*place] == root)
                .max_by_key(|place| (depth[*place], std::cmp::Reverse(*place)));
            let mut chain = Vec::new();
            let mut at = deepest;
            while let Some(place) = at.filter(|place| *place != root) {
                chain.push(place);
                at = self.nodes[place].parent.map(|id| id as usize - 1);
            }
            chain.reverse();
            let links = chain.len();
            let _ = writeln!(out, "  Its longest chain, case by case:");
            for &place in chain.iter().take(LINKS) {
                let node = &self.nodes[place];
                let (baseline, arm) = &node.told;
                let _ = writeln!(out, "    {}  Instead of \"{baseline}\": {arm} (by {}).", node.date, carried(node));
            }
            if links > LINKS {
                let _ = writeln!(out, "    and {} more.", links - LINKS);
            }
        }
        out
    }

    /// The spread as JSON.
    pub fn json(&self) -> Value {
        let state = |index: Option<usize>| index.map(|index| self.states[index].to_string());
        let nodes: Value = self
            .nodes
            .iter()
            .map(|n| {
                json!({
                    "id": n.id,
                    "parent": n.parent,
                    "kind": n.root.key(),
                    "date": n.date.to_string(),
                    "state": state(n.state),
                    "other": state(n.other),
                    "handler": n.handler,
                    "via": n.via.iter().map(|lever| lever.key()).collect::<Vec<_>>(),
                    "proof": (n.root == Root::Case).then(|| n.proof.key()),
                    "reach": (n.root == Root::Case).then(|| n.reach.key()),
                    "ending_baseline": n.endings.0,
                    "ending_arm": n.endings.1,
                    "baseline": n.told.0,
                    "arm": n.told.1,
                    "gained": n.gained,
                    "recorded": n.recorded,
                    "case_baseline": n.numbers.0,
                    "case_arm": n.numbers.1,
                })
            })
            .collect();
        let carriers: Value = Carrier::ALL
            .iter()
            .zip(&self.shares)
            .map(|(carrier, shares)| {
                let [direct, built_on, passed_on] = shares.map(|shares| shares as f64 / SHARES as f64);
                json!({ "carrier": carrier.key(), "direct": direct, "built_on": built_on, "passed_on": passed_on })
            })
            .collect();
        json!({
            "replicate": self.replicate,
            "accepted_baseline": self.accepted.0,
            "accepted_arm": self.accepted.1,
            "arrived_baseline": self.arrived.0,
            "arrived_arm": self.arrived.1,
            "carriers": carriers,
            "nodes": nodes,
        })
    }
}

impl Spreads {
    /// Mean shares, in sentences for a scholar.
    pub fn text(&self) -> String {
        let said = |moments: &Moments| {
            let interval = moments.interval();
            if interval.low.is_nan() {
                signed(moments.mean())
            } else {
                format!("{} [{}, {}]", signed(moments.mean()), signed(interval.low), signed(interval.high))
            }
        };
        let mut out = format!(
            "{}\n{} additional cooperations; {:.0} cases were decided otherwise \
             or had other consequences.\n\n  {:<30}{:>25}{:>25}{:>25}\n",
            match self.n {
                1 => "1 replicate.".to_owned(),
                n => format!("{n} replicates; means per replicate with 95 % intervals."),
            },
            said(&self.gained),
            self.differed.mean(),
            "",
            "direct",
            "built on",
            "passed on"
        );
        for (carrier, shares) in Carrier::ALL.iter().zip(&self.shares) {
            let something = |moments: &Moments| moments.mean() != 0.0 || moments.sd() > 0.0;
            if shares.iter().any(something) {
                let [direct, built_on, passed_on] = shares.each_ref().map(said);
                let _ = writeln!(out, "  {:<30}{direct:>25}{built_on:>25}{passed_on:>25}", carrier.label());
            }
        }
        out += "\nCarriers are answers of the model, not of the world.\n";
        out
    }

    /// Mean shares as JSON.
    pub fn json(&self) -> Value {
        let said = |moments: &Moments| {
            let interval = moments.interval();
            let real = |value: f64| value.is_finite().then_some(value);
            json!({ "mean": real(moments.mean()), "sd": real(moments.sd()), "low": real(interval.low), "high": real(interval.high) })
        };
        let carriers: Value = Carrier::ALL
            .iter()
            .zip(&self.shares)
            .map(|(carrier, shares)| {
                let [direct, built_on, passed_on] = shares.each_ref().map(said);
                json!({ "carrier": carrier.key(), "direct": direct, "built_on": built_on, "passed_on": passed_on })
            })
            .collect();
        json!({ "replicates": self.n, "gained": said(&self.gained), "differed": said(&self.differed), "carriers": carriers })
    }
}

/// With its sign, to two places; what rounds to nothing has no sign of its own.
fn signed(value: f64) -> String {
    format!("{:+.2}", if value.abs() < 0.005 { 0.0 } else { value })
}

fn row(name: &str, shares: &[i64; Reach::COUNT]) -> String {
    let said = |shares: i64| signed(shares as f64 / SHARES as f64);
    let [direct, built_on, passed_on] = shares.map(said);
    format!("  {name:<30}{direct:>12}{built_on:>12}{passed_on:>12}{:>12}\n", said(shares.iter().sum()))
}

/// What carried a difference, in words.
fn carried(node: &Node) -> String {
    let labels: Vec<String> = node.via.iter().map(|lever| lever.label()).collect();
    match node.proof {
        Proof::Needed => labels.join(" and "),
        Proof::Enough => format!("{} (enough, not needed)", labels.join(" or ")),
        Proof::Together => "several things together".to_owned(),
    }
}
