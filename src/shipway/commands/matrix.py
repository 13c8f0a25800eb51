"""matrix: the sessions tagged ``gate`` as the matrix of a CI workflow."""

from __future__ import annotations

import json
from pathlib import Path

from shipway.commands.screen import Screen
from shipway.parser import Request as Words
from shipway.project.handover import Handover
from shipway.project.sessions import Sessions
from shipway.project.tags import GATE
from shipway.release.outcomes import BlockedError
from shipway.steps.gates import NONE, TAG_ONE
from shipway.world.actions import Actions
from shipway.world.process import Processes


def print_matrix(words: Words, root: Path, screen: Screen) -> None:
    """Print the matrix, on GitHub Actions as the output ``matrix`` too; an empty one is refused."""
    del words  # it has none
    found = Sessions(root, Handover(root), Processes(screen.environment)).find(GATE)
    if not found:
        why = "a workflow with an empty matrix is green and has checked nothing"
        raise BlockedError(NONE, why=why, remedy=TAG_ONE)
    matrix = {"include": [{"session": session.name, "python": session.python} for session in found]}
    screen.facts["matrix"] = matrix
    text = json.dumps(matrix)
    Actions(screen.environment).set_outputs({"matrix": text})
    if not screen.json:
        screen.say(text)
