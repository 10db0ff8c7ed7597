//! A world at the moment in which the cases of a tick are decided, kept, so that they can be decided again.

use crate::mechanism::Model;
use crate::mechanism::funnel::Funnel;
use crate::random::Randomness;
use crate::record::View;
use crate::world::{Region, World};

/// Everything that decides a case but the case itself.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Rules.
    pub model: Model,
    /// Facts.
    pub region: Region,
    /// State.
    pub world: World,
    /// Randomness.
    pub randomness: Randomness,
}

impl Scene {
    /// What a view shows, kept.
    pub fn of(view: View<'_>) -> Self {
        Self {
            model: view.model.clone(),
            region: view.region.clone(),
            world: view.world.clone(),
            randomness: view.randomness,
        }
    }

    /// Puts the questions of the funnel to this world.
    pub fn funnel(&self) -> Funnel<'_> {
        Funnel { model: &self.model, region: &self.region, world: &self.world, randomness: self.randomness }
    }
}
