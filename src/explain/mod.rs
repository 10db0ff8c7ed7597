//! Why: what decided one case, what became of one practitioner, and how a difference spreads between two worlds.
//!
//! Nothing here is remembered from a run. A run is walked again from its keyed draws to the moment that is asked about, and what decided
//! there is computed again by the functions that the run itself uses. What is said therefore agrees with the run's tables, and what is
//! said about other ways things could have gone is exact *within the model*, and only there.

mod case;
mod case_words;
mod element;
mod fate;
mod lever;
mod name;
mod practitioner;
mod scene;
mod spread;
mod spread_table;
mod spread_words;
mod twins;

pub use case::{Account, Answer, Chance, Entry, Found, Habits, Opening, Pick, Term, account, pick, roll};
pub use element::{Cause, Difference, Element};
pub use fate::Fate;
pub use lever::{Lever, Side};
pub use name::{desk_key, desk_name, find_desk, holder, practitioner, unit_name};
pub use practitioner::{Career, Happening, Level, career};
pub use scene::Scene;
pub use spread::{Node, Proof, Reach, Root, SHARES, Spread, Spreads, spread, spreads};
pub use twins::Twins;
