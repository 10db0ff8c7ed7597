//! What institutions make of practice.

use super::{Twin, half};
use comity::mechanism::institutions::Mode;
use comity::quantity::{DAYS_PER_YEAR, UnitKind};

impl Twin<'_> {
    pub(super) fn institutions(&mut self, days: f64) {
        let (model, now) = (self.model.clone(), self.now);
        let institutions = &model.institutions;
        let practice = if self.recognised > 0.0 { self.sought / self.recognised } else { 0.0 };
        self.commitment *= half(days * (1.0 - practice), model.norm.declaration_half_life);
        for country in &mut self.countries {
            country.lifted *= half(days * (1.0 - practice), model.norm.declaration_half_life);
        }
        let memory = half(days, institutions.memory);
        self.sought *= memory;
        self.recognised *= memory;
        let mut momentum = Vec::new();
        for (state, country) in self.countries.iter_mut().enumerate() {
            country.arrived *= memory;
            country.practised *= memory;
            let police = &self.offices[self.region.unit_in(state, UnitKind::Police)];
            let c = model.norm.prior_weight;
            let norm = (police.seen_for + c * model.norm.prior) / (police.seen_all + c);
            let strength = if country.arrived > 0.0 {
                (country.practised / country.arrived + norm) / 2.0
            } else {
                institutions.reference
            };
            let speed = libm::exp(institutions.adaptation * (strength - institutions.reference)).clamp(0.2, 5.0);
            country.clock = match model.mode {
                Mode::Endogenous if now >= 0.0 => country.clock + days * speed,
                Mode::Dated | Mode::Endogenous => now + days,
                Mode::Off => (now + days).min(0.0),
            };
            momentum.push((strength - institutions.reference) / (1.0 - institutions.reference));
        }
        if model.mode != Mode::Endogenous || now < 0.0 {
            return;
        }
        let share = |m: f64| 1.0 - libm::exp(-institutions.drift * m.abs() * days / DAYS_PER_YEAR);
        for (country, &m) in self.countries.iter_mut().zip(&momentum) {
            if m > 0.0 {
                country.priority += share(m) * (1.0 - country.priority).max(0.0);
            } else {
                country.priority -= share(m) * country.priority.max(0.0);
            }
        }
        let mean = momentum.iter().sum::<f64>() / momentum.len() as f64;
        if mean > 0.0 {
            for suitability in &mut self.suitability {
                *suitability += share(mean) * (1.0 - *suitability).max(0.0);
            }
        }
        for a in 0..momentum.len() {
            for b in 0..a {
                let m = momentum[a].min(momentum[b]);
                if m > 0.0 {
                    let missing = 1.0 - self.harmony_of_laws(a, b);
                    *self.gained.entry((a, b)).or_insert(0.0) += share(m) * missing;
                }
            }
        }
    }
}
