//! comity: simulates cooperation habits in a security community.
use comity::{
    diagnostic::Diagnostic,
    engine::{Setup, Simulation},
    record::*,
    scenario,
    statistics::*,
};
use std::sync::Arc;
struct Disk;
impl scenario::Files for Disk {
    fn read(&self, name: &str) -> Result<String, Diagnostic> {
        std::fs::read_to_string(name).map_err(|e| Diagnostic::error(e.to_string()))
    }
}
fn main() {
    let mut args = std::env::args().skip(1);
    let file = args.next().unwrap();
    let n: u32 = args.next().unwrap().parse().unwrap();
    let sets: Vec<_> = args.map(scenario::Override::new).collect();
    let parsed = scenario::parse(&file, &Disk, &sets);
    let (scenario, warnings) = match parsed {
        Ok(p) => p,
        Err(es) => {
            for e in es {
                println!("{e:?}");
            }
            return;
        }
    };
    for w in warnings {
        println!("{w:?}");
    }
    let setup = Arc::new(Setup::new(&scenario));
    let t = scenario.time();
    let window = Window { start: t.start, tick_days: t.tick_days, ticks: t.ticks() };
    let schema = series_schema();
    let mut totals = vec![Moments::default(); Count::COUNT];
    let mut by_state = vec![[Moments::default(); Count::COUNT]; 11];
    let mut depth = vec![Moments::default(); DEPTH.len()];
    let mut misc = vec![Moments::default(); 20];
    let mut binding = [0u32; 13];
    let mut lost = 0;
    let mut lit = [0u32; 4];
    let started = std::time::Instant::now();
    for r in 0..n {
        let mut sim = Simulation::new(&setup, r);
        let mut rec = Recorder::new(&setup.region, window, true);
        sim.run(t.burn_in_ticks() + t.ticks(), &mut rec);
        let (tally, _series) = rec.finish(sim.view(), r, &schema);
        let s = tally.totals.len() - 1;
        for c in 0..Count::COUNT {
            totals[c].add(tally.totals[s][c] as f64);
        }
        for st in 0..=s.min(10) {
            for c in 0..Count::COUNT {
                by_state[st][c].add(tally.totals[st][c] as f64);
            }
        }
        for (m, d) in depth.iter_mut().zip(tally.depth) {
            m.add(d);
        }
        let st = setup.region.states.len();
        let mut comm = vec![];
        for a in 0..st {
            for b in 0..a {
                comm.push((tally.pairs[a * st + b][7] + tally.pairs[b * st + a][7]) as f64);
            }
        }
        misc[0].add(gini(&comm));
        misc[1].add(comm.iter().filter(|c| **c == 0.0).count() as f64);
        misc[2].add(tally.delays.0);
        misc[3].add(tally.delays.1);
        misc[4].add(tally.caseload.0);
        misc[5].add(tally.caseload.1);
        misc[6].add(tally.acts_per_head);
        misc[7].add(tally.idle_ties.1 as f64 / tally.idle_ties.0 as f64);
        misc[8].add(tally.idle_ties.0 as f64);
        misc[9].add(tally.lost[0] as f64);
        for i in 0..13 {
            binding[i] += tally.binding[0][i];
        }
        lost += tally.lost[0];
        for i in 0..4 {
            lit[i] += tally.litmus[0][i];
        }
    }
    let el = started.elapsed();
    println!("{n} runs {:?}, {:.2} ms/run", el, el.as_secs_f64() * 1e3 / n as f64);
    for c in Count::ALL {
        println!("{:28} {:10.2} sd {:8.2}", c.key(), totals[*c as usize].mean(), totals[*c as usize].sd());
    }
    let g = |c: Count| totals[c as usize].mean();
    println!(
        "seek {:.3} coop {:.3} accept {:.3} referral {:.3} recog {:.3} resc/comm {:.3} arr/comm {:.3} r/a {:.2} habitsought {:.2} habitalone {:.2}",
        g(Count::Sought) / g(Count::Recognised),
        g(Count::Accepted) / g(Count::Arrived),
        g(Count::Accepted) / g(Count::Sought),
        g(Count::Referred) / g(Count::FoundByNgo),
        g(Count::Recognised) / g(Count::Arrived),
        g(Count::RecordedRescues) / g(Count::RecordedCommunications),
        g(Count::RecordedArrests) / g(Count::RecordedCommunications),
        g(Count::RecordedRescues) / g(Count::RecordedArrests),
        g(Count::SoughtByHabit) / g(Count::Sought),
        g(Count::AloneByHabit) / g(Count::Alone)
    );
    println!(
        "gini {:.3} zero pairs {:.1} delays {:.1} {:.1} caseload mean {:.3} median {:.2} acts/head {:.2} idle lost {:.3} of {:.0}",
        misc[0].mean(),
        misc[1].mean(),
        misc[2].mean(),
        misc[3].mean(),
        misc[4].mean(),
        misc[5].mean(),
        misc[6].mean(),
        misc[7].mean(),
        misc[8].mean()
    );
    for (d, m) in DEPTH.iter().zip(&depth) {
        println!("{:12} {:24} {:.3}", d.key, d.name, m.mean());
    }
    for (i, b) in binding.iter().enumerate() {
        println!(
            "{:20} {:.3}",
            comity::quantity::Barrier::KEYS.get(i).copied().unwrap_or("joint/none"),
            *b as f64 / lost as f64
        );
    }
    println!("litmus {:?}", lit.map(|x| x as f64 / lit.iter().sum::<u32>() as f64));
    for (i, s) in setup.region.states.iter().enumerate() {
        println!(
            "{} arrived {:.1} rec {:.1} sought {:.1} accepted {:.1} reccomm {:.1} formal {:.2}",
            s.key,
            by_state[i][Count::Arrived as usize].mean(),
            by_state[i][Count::Recognised as usize].mean(),
            by_state[i][Count::Sought as usize].mean(),
            by_state[i][Count::Accepted as usize].mean(),
            by_state[i][Count::RecordedCommunications as usize].mean(),
            by_state[i][Count::FormalRequests as usize].mean()
        );
    }
}
