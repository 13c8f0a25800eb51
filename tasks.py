"""Shipway's own tasks, run from its source: ``inv -l`` lists them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "src"))

import shipway

ns = shipway.collection()
