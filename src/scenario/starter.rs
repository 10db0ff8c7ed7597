//! A scenario to start from.

use super::print::quoted;

/// A commented scenario of two states, complete and valid, for `comity new NAME`.
pub fn starter(name: &str) -> String {
    STARTER.replacen("@TITLE@", &quoted(name), 1)
}

const STARTER: &str = r##"#:schema ./scenario.schema.json
# A scenario of two states: change what you like, then
#     comity check THIS-FILE        says what is wrong with it, all at once
#     comity describe THIS-FILE     lists every parameter, with unit, range and source
#     comity run THIS-FILE          runs it
# To vary a whole scenario instead, write extends = "asean-baseline.toml" and only what differs.

title = @TITLE@
description = """
What is asked, of whom, and when.
"""

[time]
start = 2006-01-01        # dates stand bare; elsewhere a whole number means ticks after the start
end = 2008-07-01          # the first day that is no longer simulated
burn_in = "3 years"       # simulated before the start, so that habits have settled
tick = "1 week"

[run]
replicates = 100          # each with luck of its own
seed = 1                  # the same seed gives the same results

# Two states or more. What is left out has a default.
[state.NORTH]
name = "Northland"
legal_family = "civil"    # states of one family harmonise more easily
language = "northern"
tip_law = 2005-01-01      # when its law against trafficking came into force
priority = 0.5            # a share: 0.5, or "50 %"

[state.SOUTH]
name = "Southland"
legal_family = "common"
language = "southern"
# A value may say where it comes from; the grade is seen, memory, derived or assumed.
priority = { value = 0.7, source = "the survey of 2007", grade = "seen" }

# Ways by which victims are moved: ORIGIN-DESTINATION.
[corridor.NORTH-SOUTH]
cases = "60 per year"

# What sets a pair of states apart, in either order. All of it is optional.
[pair.NORTH-SOUTH]
memorandum = 2005-07-13   # a bilateral memorandum of understanding
gate_shut = [ { from = 2007-01-01, until = 2007-03-01 } ]

# Tools named by a treaty can be used once both states have deposited; all others always.
[treaty.assistance]
name = "Treaty on mutual legal assistance"
tools = ["mla"]
deposits = { NORTH = 2005-04-12, SOUTH = 2006-09-01 }

[declaration.first]
name = "Joint declaration against trafficking"
date = 2004-11-29
strength = 0.5

# Any mechanism can be switched off, for example:
# [mechanisms]
# habit = "off"
"##;
