//! Draws with an address: (seed, replicate, purpose, entity, event).
//!
//! A draw is not the next in a queue. Its address is packed, whole and unmixed, into the 256-bit key
//! of ChaCha8, so two addresses can never share a stream and nobody's luck depends on who drew
//! before: not on threads, on the order of execution, or on what another arm of a study does.
//! Twin worlds that ask the same question get the same answer.
//!
//! | bytes of the key | what stands there |
//! |---|---|
//! | 0-7 | seed |
//! | 8-11 | replicate |
//! | 12-15 | purpose |
//! | 16-23 | entity |
//! | 24-31 | event |
//!
//! All transcendental functions are those of `libm`, so that the bits agree across processors.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a stream of draws is for. Numbered by hand and never renumbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// The traits of a practitioner: entity = desk, event = how many sat there before.
    Person = 1,
    /// The cases of a corridor in a year: entity = corridor, event = year.
    Arrivals = 2,
    /// One case: entity = corridor, event = year and number in it.
    Case = 3,
    /// One case before one counterpart: entity = case, event = desk of the counterpart.
    Counterpart = 4,
    /// Whether a tie outlives the person at its other end: entity = both desks, event = that person.
    Handover = 5,
    /// How long a tie lives unused: entity = both desks, event = day of its last use.
    Idle = 6,
    /// The meetings of a role of a state in a year: entity = state and role, event = year.
    Meetings = 7,
    /// One meeting: entity = state and role, event = year and number in it.
    Meeting = 8,
    /// The closures of a political gate in a year: entity = pair, event = year.
    Gate = 9,
    /// Resampling in statistics.
    Bootstrap = 10,
    /// An intervention and whom it meets: entity = intervention and occasion, event = desk, state or pair.
    Intervention = 11,
    /// Cases beyond those of the year's draw, or fewer: entity = corridor, event = tick, or year and number with the highest bit set.
    Surge = 12,
    /// Whether a handler finds one more counterpart, or a broker: entity = case, event = which.
    Finding = 13,
    /// The luck of an experimental design: entity = what is drawn (`statistics::design`) and column, event = what it says.
    Design = 14,
    /// The luck of a calibration: entity = what is drawn (`statistics::calibration`), event = its number; replicate = generation.
    Calibration = 15,
    /// The luck of a search among options: entity = generation, event = which proposal of it.
    Search = 16,
}

/// The fixed part of every address of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Randomness {
    /// Master seed of the scenario.
    pub seed: u64,
    /// Which replicate.
    pub replicate: u32,
}

impl Randomness {
    /// The draws of an address.
    pub fn at(self, purpose: Purpose, entity: u64, event: u64) -> Draws {
        let mut key = [0_u8; 32];
        key[0..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..12].copy_from_slice(&self.replicate.to_le_bytes());
        key[12..16].copy_from_slice(&(purpose as u32).to_le_bytes());
        key[16..24].copy_from_slice(&entity.to_le_bytes());
        key[24..32].copy_from_slice(&event.to_le_bytes());
        Draws(ChaCha8Rng::from_seed(key))
    }
}

/// A name as 32 bits (FNV-1a), so that an entity's luck does not depend on who else is in the file.
pub fn name_address(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The draws of one address, in order.
#[derive(Debug, Clone)]
pub struct Draws(ChaCha8Rng);

impl Draws {
    /// Uniform on the open interval (0, 1), 52 bits.
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 52) as f64;
        ((self.bits() >> 12) as f64 + 0.5) * STEP
    }

    /// 64 even bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// Gamma with mean 1 and the given shape > 0 (Marsaglia and Tsang 2000, with their boost below shape 1).
    pub fn gamma_mean_one(&mut self, shape: f64) -> f64 {
        let boosted = if shape < 1.0 { shape + 1.0 } else { shape };
        let d = boosted - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        let sample = loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            let u = self.uniform();
            if libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                break d * v;
            }
        };
        let sample = if shape < 1.0 { sample * libm::pow(self.uniform(), 1.0 / shape) } else { sample };
        sample / shape
    }

    /// Poisson with the given mean, by inversion in pieces of mean at most 16.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let mut rest = mean;
        let mut count = 0;
        while rest > 0.0 {
            let piece = if rest > 16.0 { 16.0 } else { rest };
            rest -= piece;
            count += poisson_quantile(piece, self.uniform());
        }
        count
    }

    /// A whole number from 0 to `below` - 1, evenly.
    pub fn index(&mut self, below: usize) -> usize {
        scaled_index(self.uniform(), below)
    }
}

/// The whole number from 0 to `below` - 1 at share `u` of the way.
pub fn scaled_index(u: f64, below: usize) -> usize {
    ((u * below as f64) as usize).min(below.saturating_sub(1))
}

/// The Gumbel variate (location 0, scale 1) at probability `u`.
pub fn gumbel(u: f64) -> f64 {
    -libm::log(-libm::log(u))
}

/// The logistic variate (location 0, scale 1) at probability `u`.
pub fn logistic(u: f64) -> f64 {
    libm::log(u / (1.0 - u))
}

/// The logistic function.
pub fn expit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// The smallest k with P(Poisson(mean) <= k) >= u, for means up to 16.
fn poisson_quantile(mean: f64, u: f64) -> u32 {
    let mut term = libm::exp(-mean);
    let mut sum = term;
    let mut k = 0;
    while sum < u && k < 1000 {
        k += 1;
        term *= mean / f64::from(k);
        sum += term;
    }
    k
}

/// The smallest k with P(Binomial(n, p) <= k) >= u.
pub fn binomial_quantile(n: u32, p: f64, u: f64) -> u32 {
    if p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    let odds = p / (1.0 - p);
    let mut term = libm::pow(1.0 - p, f64::from(n));
    let mut sum = term;
    let mut k = 0;
    while sum < u && k < n {
        term *= odds * f64::from(n - k) / f64::from(k + 1);
        k += 1;
        sum += term;
    }
    k
}

/// The standard normal quantile (Wichura 1988, algorithm AS 241, about 16 digits).
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 8] = [
        3.387_132_872_796_366_5,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ];
    const B: [f64; 8] = [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_66e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ];
    const C: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ];
    const D: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    const E: [f64; 8] = [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ];
    const F: [f64; 8] = [
        1.0,
        5.998_322_065_558_879e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ];
    fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
        coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * polynomial(&A, r) / polynomial(&B, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = libm::sqrt(-libm::log(tail));
    let x = if r <= 5.0 {
        polynomial(&C, r - 1.6) / polynomial(&D, r - 1.6)
    } else {
        polynomial(&E, r - 5.0) / polynomial(&F, r - 5.0)
    };
    if q < 0.0 { -x } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(event: u64) -> Draws {
        Randomness { seed: 7, replicate: 3 }.at(Purpose::Bootstrap, 11, event)
    }

    #[test]
    fn an_address_always_gives_the_same_draws() {
        let first: Vec<u64> = (0..4).map(|_| draws(5).uniform().to_bits()).collect();
        assert!(first.windows(2).all(|pair| pair[0] == pair[1]));
        assert_ne!(draws(5).uniform(), draws(6).uniform());
    }

    #[test]
    fn the_generator_is_chacha8_keyed_with_the_address() {
        // Golden values: a change here moves every result of every study.
        let mut d = Randomness { seed: 1, replicate: 2 }.at(Purpose::Case, 3, 4);
        let got: Vec<u64> = (0..3).map(|_| d.uniform().to_bits()).collect();
        let mut rng = ChaCha8Rng::from_seed({
            let mut key = [0; 32];
            key[0] = 1;
            key[8] = 2;
            key[12] = 3;
            key[16] = 3;
            key[24] = 4;
            key
        });
        let want: Vec<u64> =
            (0..3).map(|_| (((rng.next_u64() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64).to_bits()).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn the_normal_quantile_matches_published_values() {
        for (p, z) in
            [(0.975, 1.959_963_984_540_054), (0.25, -0.674_489_750_196_081_7), (1e-10, -6.361_340_902_404_056)]
        {
            assert!((normal_quantile(p) - z).abs() < 1e-12, "{p}");
        }
    }

    #[test]
    fn samplers_have_the_mean_and_variance_of_their_law() {
        let n = 40_000_u32;
        let check = |name: &str, mean: f64, variance: f64, sample: &dyn Fn(&mut Draws) -> f64| {
            let values: Vec<f64> = (0..n).map(|i| sample(&mut draws(u64::from(i)))).collect();
            let m = values.iter().sum::<f64>() / f64::from(n);
            let v = values.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / f64::from(n - 1);
            assert!((m - mean).abs() < 4.0 * libm::sqrt(variance / f64::from(n)), "{name}: mean {m}, expected {mean}");
            assert!((v / variance - 1.0).abs() < 0.06, "{name}: variance {v}, expected {variance}");
        };
        check("uniform", 0.5, 1.0 / 12.0, &|d| d.uniform());
        check("normal", 0.0, 1.0, &|d| d.normal());
        check("exponential", 1.0, 1.0, &|d| d.exponential());
        check("gamma 2.5", 1.0, 0.4, &|d| d.gamma_mean_one(2.5));
        check("gamma 0.6", 1.0, 1.0 / 0.6, &|d| d.gamma_mean_one(0.6));
        check("poisson 3", 3.0, 3.0, &|d| f64::from(d.poisson(3.0)));
        check("poisson 50", 50.0, 50.0, &|d| f64::from(d.poisson(50.0)));
        check("gumbel", 0.577_215_664_9, std::f64::consts::PI * std::f64::consts::PI / 6.0, &|d| gumbel(d.uniform()));
        check("logistic", 0.0, std::f64::consts::PI * std::f64::consts::PI / 3.0, &|d| logistic(d.uniform()));
        check("binomial", 5.4, 3.78, &|d| f64::from(binomial_quantile(18, 0.3, d.uniform())));
    }
}
