"""What a line's own releases made of such changes decides, where people choose the versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from end_to_end.support import git
from shipway.project.outlook import outlook_of
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes

CLIFF = "[git]\nconventional_commits = true\n"
BUMPS = f"{CLIFF}[bump]\nfeatures_always_bump_minor = true\n"
SEMANTIC = "\n[tool.semantic_release]\nmajor_on_zero = true\n"
FEATURES = "1.0.0 feat/1.0.1 fix/1.0.2 feat/1.0.3 feat/1.0.4 feat/1.0.5"
BREAKING = "0.1.0 feat!/0.2.0 fix/0.2.1"


def release(root: Path, line: str, tip: str, *, toml: str = "", cliff: str = "") -> tuple[str, tuple[str, ...]]:
    """Give the next version and the reasons, after a line of releases: a type of commit, then what it led to."""
    git(root, "init", "--quiet", "--initial-branch", "main")
    if cliff:
        (root / "cliff.toml").write_text(cliff, encoding="utf-8")
    for number, step in enumerate(line.split("/"), start=1):
        *version, kind = step.split() if number < len(line.split("/")) else [step, ""]
        text = f'[project]\nname = "acme"\nversion = "{version[0]}"\n{toml}'
        (root / "pyproject.toml").write_text(text, encoding="utf-8")
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", f"chore: release {version[0]}", day=f"2026-03-{number:02}")
        git(root, "tag", f"v{version[0]}")
        git(root, "commit", "--quiet", "--allow-empty", "--message", f"{kind or tip}: x", day=f"2026-03-{number:02}")
    outlook = outlook_of(Git(root, Processes(Environment())), "", "auto", None)
    decision = outlook.decide(outlook.content)
    return str(decision.version), decision.reasons


@pytest.mark.parametrize("toml", ["", "\n[tool.commitizen]\nversion_provider = 'pep621'\n"])
def test_features_that_were_patches_four_times_of_five_are_one_again(tmp_path: Path, toml: str) -> None:
    version, reasons = release(tmp_path, FEATURES, "feat", toml=toml)
    assert version == "1.0.6"
    assert reasons[0] == "a minor change made a patch version of the releases before"


@pytest.mark.parametrize(
    ("line", "tip", "version"),
    [
        (FEATURES, "fix", "1.0.6"),
        (FEATURES, "feat!", "2.0.0"),
        ("1.0.0 feat/1.0.1 feat/1.1.0 feat/1.1.1 feat/1.2.0 feat/1.2.1", "feat", "1.3.0"),
        ("1.0.0 feat/1.0.1 feat/1.0.2 feat/1.0.3", "feat", "1.1.0"),
        ("0.1.0 feat/0.1.1 feat/0.1.2 feat/0.1.3 feat/0.1.4 feat/1.0.0", "feat", "1.1.0"),
        ("1.0.0 feat!/1.1.0 feat!/1.2.0 feat!/1.3.0 feat!/1.4.0", "feat!", "1.5.0"),
        ("1.0.0 feat!/2.0.0 feat!/3.0.0 feat!/4.0.0 feat!/4.1.0", "feat!", "5.0.0"),
    ],
)
def test_nothing_else_is_made_of_it(tmp_path: Path, line: str, tip: str, version: str) -> None:
    assert release(tmp_path, line, tip)[0] == version


def test_a_line_that_stayed_below_1_0_stays_there(tmp_path: Path) -> None:
    assert release(tmp_path, BREAKING, "feat!", cliff=BUMPS)[0] == "0.3.0"


def test_a_line_that_has_broken_nothing_follows_its_tool(tmp_path: Path) -> None:
    assert release(tmp_path, "0.1.0 feat/0.2.0 fix/0.2.1", "feat!", cliff=BUMPS)[0] == "1.0.0"


def test_a_tool_that_makes_the_releases_is_not_overruled(tmp_path: Path) -> None:
    assert release(tmp_path, FEATURES, "feat", toml=SEMANTIC)[0] == "1.1.0"


def test_what_a_person_configured_is_not_overruled(tmp_path: Path) -> None:
    toml = '\n[tool.shipway]\nzero-version = "major"\n'
    assert release(tmp_path, BREAKING, "feat!", toml=toml, cliff=BUMPS)[0] == "1.0.0"
