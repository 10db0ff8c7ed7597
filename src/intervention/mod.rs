//! Interventions: what somebody does to change practice, one file each, and the list.
//!
//! An intervention has *content* (what it does, one file a kind), *targets* (whom it is aimed at), a *schedule* (when), *delivery* (how many are
//! reached, how strongly) and a *cost*. Content acts in one of three ways, or in several:
//!
//! * an **occasion** changes the state of the world once: people meet, learn, leave, are betrayed;
//! * a **flow** changes it a little in every tick in which the intervention is in force;
//! * what **holds** changes rules and facts for as long as it is in force, and is gone afterwards.
//!
//! Interventions are dealt with in the order of the scenario file; what one finds is what those before it have left. All luck is drawn at
//! addresses of the intervention's own (its key, the occasion, whom it meets): an intervention that reaches nobody changes nothing
//! at all, and adding one moves nobody else's luck.

pub mod capacity_building;
pub mod declaration;
pub mod delivery;
pub mod exchange;
pub mod handbook;
pub mod harmonisation;
pub mod information_sharing;
pub mod liaison_officer;
pub mod ngo_partnership;
pub mod parameter;
pub mod retention;
pub mod schedule;
pub mod shock;
pub mod specialised_units;
pub mod target;
pub mod treaty;
pub mod working_group;

use crate::mechanism::Model;
use crate::mechanism::trust::Evidence;
use crate::parameter::Declaration;
use crate::quantity::{Role, closed_list};
use crate::random::{Draws, Purpose, Randomness};
use crate::world::{Desk, Region, StateIndex, UnitIndex, World};
use delivery::Delivery;
use schedule::Schedule;
use target::{Targeted, Targets};

closed_list! {
    /// What an intervention does.
    Kind {
        /// A joint declaration.
        Declaration = "declaration", "declaration";
        /// A working group that meets.
        WorkingGroup = "working_group", "working group";
        /// A treaty that is ratified state by state.
        Treaty = "treaty", "treaty";
        /// A shared channel and a list of counterparts.
        InformationSharing = "information_sharing", "information sharing";
        /// Laws, standards and priorities made alike.
        Harmonisation = "harmonisation", "harmonisation of laws";
        /// Officers who spend time with their counterparts.
        Exchange = "exchange", "exchange of officers";
        /// Training, and more staff.
        CapacityBuilding = "capacity_building", "capacity building";
        /// A handbook of legal cooperation.
        Handbook = "handbook", "handbook";
        /// Cases brought together on few desks.
        SpecialisedUnits = "specialised_units", "specialised units";
        /// Work with NGOs: trust, protection, feedback.
        NgoPartnership = "ngo_partnership", "NGO partnership";
        /// Officers posted with the neighbours, who bring practitioners together.
        LiaisonOfficer = "liaison_officer", "liaison officer";
        /// Staff kept longer, contacts handed over.
        Retention = "retention", "retention of staff";
        /// Something that befalls the region.
        Shock = "shock", "shock";
        /// Any number of the model.
        Parameter = "parameter", "change of a number";
    }
}

/// Content of an intervention, by kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// See [`declaration`].
    Declaration(declaration::JointDeclaration),
    /// See [`working_group`].
    WorkingGroup(working_group::WorkingGroup),
    /// See [`treaty`].
    Treaty(treaty::Treaty),
    /// See [`information_sharing`].
    InformationSharing(information_sharing::InformationSharing),
    /// See [`harmonisation`].
    Harmonisation(harmonisation::Harmonisation),
    /// See [`exchange`].
    Exchange(exchange::Exchange),
    /// See [`capacity_building`].
    CapacityBuilding(capacity_building::CapacityBuilding),
    /// See [`handbook`].
    Handbook(handbook::Handbook),
    /// See [`specialised_units`].
    SpecialisedUnits(specialised_units::SpecialisedUnits),
    /// See [`ngo_partnership`].
    NgoPartnership(ngo_partnership::NgoPartnership),
    /// See [`liaison_officer`].
    LiaisonOfficer(liaison_officer::LiaisonOfficer),
    /// See [`retention`].
    Retention(retention::Retention),
    /// See [`shock`].
    Shock(shock::Shock),
    /// See [`parameter`].
    Parameter(parameter::ParameterChange),
}

impl Kind {
    /// The numbers that the content of this kind declares.
    pub fn declarations(self) -> &'static [Declaration] {
        match self {
            Self::Declaration => declaration::DeclarationNumbers::DECLARATIONS,
            Self::WorkingGroup => working_group::WorkingGroup::DECLARATIONS,
            Self::Treaty => treaty::TreatyNumbers::DECLARATIONS,
            Self::InformationSharing => information_sharing::InformationSharing::DECLARATIONS,
            Self::Harmonisation => harmonisation::Harmonisation::DECLARATIONS,
            Self::Exchange => exchange::Exchange::DECLARATIONS,
            Self::CapacityBuilding => capacity_building::CapacityBuilding::DECLARATIONS,
            Self::Handbook => handbook::HandbookNumbers::DECLARATIONS,
            Self::SpecialisedUnits => specialised_units::SpecialisedUnits::DECLARATIONS,
            Self::NgoPartnership => ngo_partnership::NgoPartnership::DECLARATIONS,
            Self::LiaisonOfficer => liaison_officer::LiaisonOfficer::DECLARATIONS,
            Self::Retention => retention::Retention::DECLARATIONS,
            Self::Shock => shock::ShockNumbers::DECLARATIONS,
            Self::Parameter => &[],
        }
    }

    /// What a scholar should know of it: what it acts on, and its catch.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Declaration => {
                "Lifts the declared commitment and the priority of states; fades unless practice backs it."
            }
            Self::WorkingGroup => {
                "Heads, prosecutors and coordinators meet: ties and trust among them, which stay at the top unless contacts are delegated."
            }
            Self::Treaty => {
                "States ratify one after the other; between two that have, tools open and laws come closer. Nothing before both have."
            }
            Self::InformationSharing => {
                "Counterparts are found more easily, and police channels cost less effort and time: volume, not trust."
            }
            Self::Harmonisation => "Laws, standards and priorities come closer, slowly; pays for formal tools mostly.",
            Self::Exchange => {
                "Officers spend time with counterparts: ties, trust, familiarity, and less habit of handling alone. They are away \
                 meanwhile; ties die unless used, and go with those who leave."
            }
            Self::CapacityBuilding => {
                "Training lifts awareness and familiarity, which fade; more staff share the cases."
            }
            Self::Handbook => "Raises the familiarity to which those return who took it up: cheap, with low uptake.",
            Self::SpecialisedUnits => {
                "Brings cases together on few desks: experience grows there, and leaves with whoever leaves."
            }
            Self::NgoPartnership => {
                "NGO workers learn to trust, victims are protected, referrals get feedback. Raids without protection make NGOs fear."
            }
            Self::LiaisonOfficer => {
                "Brings a whole unit together with counterparts abroad; the contacts are the officer's and mostly go with the officer."
            }
            Self::Retention => "Practitioners stay longer, and hand over more of their contacts.",
            Self::Shock => "A shut gate, a betrayal, a purge or a surge of cases.",
            Self::Parameter => "Sets, adds to or scales any number of the model, on a schedule.",
        }
    }

    /// Who takes part where nothing is said.
    pub fn usual_roles(self) -> &'static [Role] {
        match self {
            Self::WorkingGroup => &[Role::Head, Role::Prosecutor, Role::Coordinator],
            Self::Exchange => &[Role::Investigator],
            Self::CapacityBuilding | Self::Handbook => &[Role::Investigator, Role::Head, Role::Prosecutor],
            Self::NgoPartnership => &[Role::Ngo],
            _ => Role::ALL,
        }
    }

    /// What its targets are, as a rule; see [`Intervention::targeted`].
    pub fn targeted(self) -> Targeted {
        match self {
            Self::Declaration | Self::Treaty | Self::SpecialisedUnits | Self::Retention => Targeted::States,
            Self::WorkingGroup | Self::Exchange => Targeted::PeopleInPairs,
            Self::CapacityBuilding | Self::Handbook | Self::NgoPartnership => Targeted::People,
            Self::InformationSharing | Self::Harmonisation | Self::LiaisonOfficer => Targeted::Pairs,
            Self::Shock => Targeted::PeopleInPairs,
            Self::Parameter => Targeted::Nobody,
        }
    }

    /// Whether something of it is in force from its start to its end, besides what occasions bring.
    pub fn lasts(self) -> bool {
        !matches!(self, Self::Declaration | Self::WorkingGroup | Self::Exchange)
    }

    /// Whether its content acts on occasions, which can be repeated.
    pub fn has_occasions(self) -> bool {
        matches!(
            self,
            Self::Declaration
                | Self::WorkingGroup
                | Self::Exchange
                | Self::CapacityBuilding
                | Self::Handbook
                | Self::NgoPartnership
                | Self::Shock
        )
    }
}

/// An intervention of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Intervention {
    /// Its key in the scenario.
    pub key: String,
    /// Its name in words.
    pub name: String,
    /// What it does.
    pub content: Content,
    /// Whom it is aimed at.
    pub targets: Targets,
    /// When.
    pub schedule: Schedule,
    /// How many are reached, how strongly, and what that costs.
    pub delivery: Delivery,
    /// Its luck is addressed by this.
    pub address: u32,
}

/// An occasion, or a tick, in which content acts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Occasion {
    /// Its number, from 0.
    pub number: u32,
    /// How strongly content acts: intensity x how far the intervention is in force.
    pub strength: f64,
    /// When the intervention ends, in days; infinite if it does not.
    pub ends: f64,
}

/// The world while an intervention acts on it.
pub struct Stage<'a> {
    /// Rules.
    pub model: &'a Model,
    /// Facts.
    pub region: &'a Region,
    /// State.
    pub world: &'a mut World,
    /// The run's randomness.
    pub randomness: Randomness,
    /// Who was acted on.
    pub touched: Vec<Desk>,
    /// Who is made to leave.
    pub leaving: Vec<Desk>,
    /// How many took part.
    pub participants: u64,
}

/// Rules and facts, while interventions that hold are laid over them.
pub struct Facts<'a> {
    /// Rules.
    pub model: &'a mut Model,
    /// Facts.
    pub region: &'a mut Region,
}

impl Stage<'_> {
    /// Two practitioners of different states get to know each other.
    pub fn acquaint(&mut self, a: Desk, b: Desk, good: f64) {
        if self.model.switches.ties {
            let evidence = Evidence { good, bad: 0.0 };
            for between in [(a, b), (b, a)] {
                self.model.work_together(self.region, self.world, self.randomness, between, evidence);
            }
            self.touched.extend([a, b]);
        }
    }

    /// A unit takes home an impression of a state's practitioners.
    pub fn impress(&mut self, unit: UnitIndex, state: StateIndex, evidence: Evidence) {
        if self.model.switches.trust {
            self.model.trust.generalise(self.region, self.world, unit, state, evidence);
        }
    }

    /// Somebody learns: awareness and the tools of the role, each the share of what is missing.
    pub fn teach(&mut self, desk: Desk, (awareness, familiarity): (f64, f64)) {
        let now = self.world.now;
        let role = self.region.role_of(desk);
        let person = self.world.people.at_mut(desk);
        self.model.refresh_skills(person, now);
        let lift = |value: &mut f64, share: f64| *value += share.min(1.0) * (1.0 - *value);
        if self.model.switches.recognition {
            lift(&mut person.awareness.value, awareness);
        }
        if self.model.switches.familiarity {
            for tool in crate::mechanism::tool::of_role(role) {
                lift(&mut person.familiarity[tool as usize].value, familiarity);
            }
        }
        self.touched.push(desk);
    }

    /// Somebody at the front of a unit (no head, if there are others), the first desks more often than the others, as with cases; not one who
    /// is away, if anybody is there.
    pub fn somebody(&self, unit: UnitIndex, draws: &mut Draws) -> Desk {
        let unit = &self.region.units[unit];
        let heads = if unit.desks > unit.heads { unit.heads } else { 0 };
        let (first, desks) = (unit.first + heads, unit.desks - heads);
        let u = libm::pow(draws.uniform(), self.region.states[unit.state].numbers.concentration);
        let drawn = crate::random::scaled_index(u, desks as usize) as Desk;
        let from = |step: u32| first + (drawn + step) % desks;
        (0..desks).map(from).find(|desk| !self.world.away(*desk)).unwrap_or(first + drawn)
    }
}

impl Intervention {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match &self.content {
            Content::Declaration(_) => Kind::Declaration,
            Content::WorkingGroup(_) => Kind::WorkingGroup,
            Content::Treaty(_) => Kind::Treaty,
            Content::InformationSharing(_) => Kind::InformationSharing,
            Content::Harmonisation(_) => Kind::Harmonisation,
            Content::Exchange(_) => Kind::Exchange,
            Content::CapacityBuilding(_) => Kind::CapacityBuilding,
            Content::Handbook(_) => Kind::Handbook,
            Content::SpecialisedUnits(_) => Kind::SpecialisedUnits,
            Content::NgoPartnership(_) => Kind::NgoPartnership,
            Content::LiaisonOfficer(_) => Kind::LiaisonOfficer,
            Content::Retention(_) => Kind::Retention,
            Content::Shock(_) => Kind::Shock,
            Content::Parameter(_) => Kind::Parameter,
        }
    }

    /// What its targets are: those of its kind, but that a purge is aimed at people alone.
    pub fn targeted(&self) -> Targeted {
        match &self.content {
            Content::Shock(shock) if shock.event == shock::Event::Purge => Targeted::People,
            _ => self.kind().targeted(),
        }
    }

    /// The draws of this intervention for somebody or something, on one occasion.
    pub fn luck(&self, randomness: Randomness, occasion: u32, event: u64) -> Draws {
        randomness.at(Purpose::Intervention, u64::from(self.address) << 32 | u64::from(occasion), event)
    }

    /// Acts on an occasion.
    pub fn act(&self, occasion: Occasion, stage: &mut Stage<'_>) {
        match &self.content {
            Content::Declaration(content) => content.act(self, occasion, stage),
            Content::WorkingGroup(content) => content.act(self, occasion, stage),
            Content::Exchange(content) => content.act(self, occasion, stage),
            Content::CapacityBuilding(content) => content.act(self, occasion, stage),
            Content::Handbook(content) => content.act(self, occasion, stage),
            Content::NgoPartnership(content) => content.act(self, occasion, stage),
            Content::Shock(content) => content.act(self, occasion, stage),
            Content::Treaty(_)
            | Content::InformationSharing(_)
            | Content::Harmonisation(_)
            | Content::SpecialisedUnits(_)
            | Content::LiaisonOfficer(_)
            | Content::Retention(_)
            | Content::Parameter(_) => {}
        }
    }

    /// Acts for that many days of a tick in which it is in force.
    pub fn flow(&self, strength: f64, days: f64, stage: &mut Stage<'_>) {
        if let Content::Harmonisation(content) = &self.content {
            content.flow(self, strength, days, stage);
        }
    }

    /// Acts on somebody who takes a desk while it is in force.
    pub fn welcome(&self, strength: f64, desk: Desk, stage: &mut Stage<'_>) {
        if let Content::Handbook(content) = &self.content {
            content.welcome(self, strength, desk, stage);
        }
    }

    /// Lays what holds over rules and facts; `clocks` is what each state's institutional clock showed when the intervention began.
    pub fn hold(&self, (strength, clocks): (f64, &[f64]), randomness: Randomness, facts: &mut Facts<'_>) {
        match &self.content {
            Content::Treaty(content) => content.hold(self, (strength, clocks), randomness, facts),
            Content::InformationSharing(content) => content.hold(self, strength, randomness, facts),
            Content::CapacityBuilding(content) => content.hold(self, strength, randomness, facts),
            Content::SpecialisedUnits(content) => content.hold(self, strength, randomness, facts),
            Content::NgoPartnership(content) => content.hold(self, strength, randomness, facts),
            Content::LiaisonOfficer(content) => content.hold(self, strength, randomness, facts),
            Content::Retention(content) => content.hold(self, strength, randomness, facts),
            Content::Shock(content) => content.hold(self, strength, randomness, facts),
            Content::Parameter(content) if self.comes_about(randomness) => content.hold(strength, facts),
            Content::Parameter(_)
            | Content::Declaration(_)
            | Content::WorkingGroup(_)
            | Content::Harmonisation(_)
            | Content::Exchange(_)
            | Content::Handbook(_) => {}
        }
    }

    /// How many more desks each unit must have room for.
    pub fn reserve(&self) -> impl Iterator<Item = (UnitIndex, u32)> {
        let content = match &self.content {
            Content::CapacityBuilding(content) => Some(content),
            _ => None,
        };
        content.into_iter().flat_map(|content| content.reserve(self))
    }
}

/// Two effects of the same sort together, each the share of what the other leaves.
pub(crate) fn both(a: f64, b: f64) -> f64 {
    1.0 - (1.0 - a) * (1.0 - b.min(1.0))
}
