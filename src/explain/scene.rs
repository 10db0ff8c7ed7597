//! A world at the moment in which the cases of a tick are decided, kept, so that they can be decided again.

use crate::mechanism::Model;
use crate::mechanism::arrival::{Case, Surfacing};
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

    /// This world as an observer sees it.
    pub fn view(&self) -> View<'_> {
        View { model: &self.model, region: &self.region, world: &self.world, randomness: self.randomness }
    }

    /// The same with another state of the world.
    pub fn with<'a>(&'a self, world: &'a World) -> View<'a> {
        View { world, ..self.view() }
    }

    /// A case as it surfaces here, before anybody stands in for anybody.
    pub fn case(&self, address: (u64, u64), time: f64) -> Option<Case> {
        let corridor = self.region.corridors.iter().position(|corridor| u64::from(corridor.address) == address.0)?;
        let surfacing = Surfacing { time, corridor, event: address.1 };
        Some(self.model.arrival.case(&self.region, self.randomness, surfacing, &self.model.acts_table))
    }

    /// Puts the questions of the funnel to this world.
    pub fn funnel(&self) -> Funnel<'_> {
        Funnel { model: &self.model, region: &self.region, world: &self.world, randomness: self.randomness }
    }
}
