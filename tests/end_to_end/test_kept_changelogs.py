"""Releases whose notes people wrote themselves: Unreleased is promoted, a finished section is released as it is."""

from __future__ import annotations

import json
from pathlib import Path

from end_to_end.support import PYPROJECT, git, make_project, open_world

PLAIN = PYPROJECT[: PYPROJECT.index("[tool.towncrier]")]
KEEP = (
    "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Turn both ways.\n\n## [1.2.4] - 2026-01-01\n\n- Old.\n\n"
    "[unreleased]: https://h.invalid/compare/v1.2.4...HEAD\n"
)


def test_unreleased_is_promoted_by_a_release_that_verifies(tmp_path: Path) -> None:
    files = {"pyproject.toml": PLAIN, "changelog.d/7.feature.md": None, "CHANGELOG.md": KEEP}
    with open_world(make_project(tmp_path / "acme", files)) as world:
        planned = json.loads(world.run("plan", "auto", "--json").stdout)
        assert (planned["version"], planned["changelog"]["system"]) == ("1.3.0", "keep-a-changelog")
        assert planned["notes"] == "### Added\n\n- Turn both ways."
        released = world.run("release", "auto", "--yes")
        assert released.returncode == 0, released.stdout + released.stderr
        text = git(world.bare, "show", "v1.3.0:CHANGELOG.md")
        day = text.partition("## [1.3.0] - ")[2][:10]
        expected = KEEP.replace("[Unreleased]\n", f"[Unreleased]\n\n## [1.3.0] - {day}\n")
        assert world.run("verify", "1.3.0").returncode == 0
        links = "v1.3.0...HEAD\n[1.3.0]: https://h.invalid/compare/v1.2.4...v1.3.0"
        assert text.strip() == expected.replace("v1.2.4...HEAD", links).strip()
