"""Every fault by its name."""

from __future__ import annotations

from shipway.rehearsal.faults.forge_faults import FORGE_FAULTS
from shipway.rehearsal.faults.index_faults import INDEX_FAULTS
from shipway.rehearsal.faults.machine_faults import MACHINE_FAULTS
from shipway.rehearsal.faults.outage_faults import OUTAGES
from shipway.rehearsal.faults.people_faults import PEOPLE_FAULTS
from shipway.rehearsal.faults.scenario import Scenario

GROUPS: dict[str, tuple[Scenario, ...]] = {
    "the index": INDEX_FAULTS,
    "the forge": FORGE_FAULTS,
    "outages": OUTAGES,
    "people": PEOPLE_FAULTS,
    "the machine": MACHINE_FAULTS,
}
"""The faults by who or what is at fault."""

FAULTS = {scenario.name: scenario for group in GROUPS.values() for scenario in group}
