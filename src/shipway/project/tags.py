"""The tags of nox sessions that mean something to a release.

``gate`` must pass before it, ``prepare`` changes files inside the release commit, ``after`` announces it; a repository
can put these three on any session of its own. ``advice`` is only reported.
"""

GATE, ADVICE, PREPARE, AFTER = "gate", "advice", "prepare", "after"
