//! The state of one run, as columns, and the declared numbers of the entities it is built from.

crate::parameters! {
    /// The numbers of one state.
    entity StateNumbers in "state" {
        /// Officers of the specialist trafficking unit.
        investigators: each[Count, 1.0, 1e7] = 60.0, Assumed "";
        /// Heads of the specialist trafficking unit.
        heads: each[Count, 1.0, 1e5] = 2.0, Assumed "";
        /// Prosecutors and officers of the central authority.
        prosecutors: each[Count, 1.0, 1e6] = 12.0, Assumed "";
        /// NGO workers who meet victims of trafficking.
        ngo_workers: each[Count, 1.0, 1e6] = 15.0, Assumed "";
        /// Regional coordinators.
        coordinators: each[Count, 1.0, 1e4] = 1.0, Assumed "";
        /// Priority given to trafficking.
        priority: each[Share, 0.0, 1.0] = 0.5, Assumed "";
        /// Protection that victims can count on.
        protection: each[Share, 0.0, 1.0] = 0.3, Assumed "";
        /// Official complicity: share of cases in which somebody in office has a hand.
        complicity: each[Share, 0.0, 1.0] = 0.1, Assumed "";
        /// Chance that an event is officially recorded.
        recording: each[Probability, 0.0, 1.0] = 0.6, Assumed "";
        /// Awareness of trafficking to which officers return without training.
        awareness: each[Share, 0.0, 1.0] = 0.5, Assumed "";
        /// Working command of the region's common language.
        english: each[Share, 0.0, 1.0] = 0.4, Assumed "";
        /// Factor on the yearly turnover of every role.
        turnover: each[Factor, 0.0, 100.0] = 1.0, Assumed "";
        /// How cases fall on few desks of a unit: 1 evenly, 3 a quarter of them on the first of 60 desks.
        concentration: each[Factor, 1.0, 100.0] = 3.0, Assumed "";
    }
}

crate::parameters! {
    /// The numbers of one corridor.
    entity CorridorNumbers in "corridor" {
        /// Transnational cases that could come to light, a year.
        cases: each[PerYear, 0.0, 1e7] = 20.0, Assumed "";
    }
}

crate::parameters! {
    /// The numbers of one pair of states.
    entity PairNumbers in "pair" {
        /// Ease of a common language, where it is not to follow from the two states.
        language: maybe[Share, 0.0, 1.0] = none, Assumed "";
        /// Harmonisation of laws, where it is not to follow from legal families, laws and priorities.
        harmonisation: maybe[Share, 0.0, 1.0] = none, Assumed "";
        /// Chance that an informal request is sent back for a formal letter, where the pair differs from the rest.
        approval: maybe[Probability, 0.0, 1.0] = none, Assumed "";
    }
}
