"""What shows that a project writes Conventional Commits: other programs that read them, or the commits themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from shipway.changelog.history import follows_convention, is_release
from shipway.project.changelogs.commit_log import read_commits
from shipway.project.changelogs.contract import Span
from shipway.project.pyproject import PYPROJECT, find_table, parse_toml
from shipway.release.outcomes import ToolError
from shipway.world.git import Git

TABLES = ("semantic_release", "git-cliff", "git-changelog", "commitizen")
FILES = (
    "cliff.toml",
    ".cliff.toml",
    ".git-changelog.toml",
    ".release-please-manifest.json",
    "release-please-config.json",
    ".versionrc",
    ".versionrc.json",
    ".versionrc.js",
    ".releaserc",
    ".releaserc.json",
    ".releaserc.yaml",
    ".releaserc.yml",
    ".releaserc.toml",
    ".releaserc.js",
    "releaserc.toml",
    "release.config.js",
    "release.config.cjs",
)
"""What other programs that write a changelog from Conventional Commits are configured by."""
DEEPER = (
    *(".config/cliff.toml", ".github/cliff.toml", "config/git-changelog.toml", ".config/git-changelog.toml"),
    *(".github/release-please-config.json", ".github/.release-please-manifest.json", ".github/release-please.yml"),
    ".chglog/config.yml",
)
LOOSE_FILES = (".cz.toml", "cz.toml", ".cz.json", "cz.json", ".cz.yaml", "cz.yaml")
"""What commitizen is configured by, which some use for the wording of commits alone."""
SECTION = re.compile(r"^\[(semantic_release|tool:semantic_release|commitizen|tool:commitizen)\]", re.MULTILINE)
WORKFLOWS = re.compile(
    r"release-please-action|\breleaser-pleaser\b|\bgit-chglog\b|"
    r"\bpython-semantic-release\b|\bsemantic-release (?:-\S+ )*(?:publish|version)\b|"
    r"npx semantic-release\b|semantic-release-action|"
    r"commitizen-action|\bcz (?:-\S+ )*bump\b|git-cliff-action|\bgit[- ]cliff\b|\bstandard-version\b|"
    r"conventional-changelog-action"
)
MOST_WORKFLOWS = 60
LARGEST = 300_000
LOOKED_AT = 30


@dataclass(frozen=True)
class Tool:
    """A program that reads Conventional Commits; ``is_loose`` where it may do so for other ends than a changelog."""

    why: str
    is_loose: bool = False


def why_by_tool(root: Path) -> Tool | None:
    """Find the program that makes the project's changelog from its commits; None where none is configured."""
    names = [path.name for path in root.iterdir()]
    tables = _tables(root) if PYPROJECT in names else []
    strict = [f"[tool.{table}] in {PYPROJECT}" for table in tables if table != "commitizen"]
    strict += [name for name in FILES if name in names]
    strict += [name for name in DEEPER if (root / name).is_file()]
    if "duties.py" in names and "git_changelog" in _text(root / "duties.py").replace("-", "_"):
        strict.append("git-changelog in duties.py")
    loose = [f"[tool.{table}] in {PYPROJECT}" for table in tables if table == "commitizen"]
    loose += [name for name in LOOSE_FILES if name in names]
    if "setup.cfg" in names:
        for found in SECTION.finditer(_text(root / "setup.cfg")):
            (loose if "commitizen" in found[1] else strict).append(f"[{found[1]}] in setup.cfg")
    workflow = "" if strict else _workflow(root)
    if strict or workflow:
        return Tool((strict or [workflow])[0])
    return Tool(loose[0], is_loose=True) if loose else None


def why_by_commits(git: Git) -> str:
    """Say how many of the last commits are by convention, where that is at least half of them; else ""."""
    name, filters = _name(git.root), ("--first-parent", "--no-merges", f"--max-count={LOOKED_AT}")
    try:
        newest = read_commits(git, Span(None, "HEAD"), *filters)
    except ToolError:
        if git.find_commit("HEAD") is not None:
            raise
        return ""  # there is none yet
    commits = [one for one in newest if not is_release(one, name)]
    fitting = sum(map(follows_convention, commits))
    return f"{fitting} of the last {len(commits)} commits" if fitting * 2 >= len(commits) > 0 else ""


def _tables(root: Path) -> list[str]:
    tool = find_table(parse_toml(_text(root / PYPROJECT, 10 * LARGEST), PYPROJECT), "tool") or {}
    return [name for name in TABLES if isinstance(tool.get(name), dict)]


def _workflow(root: Path) -> str:
    """Name the CI workflow that runs such a program, where it needs no configuration."""
    folder = root / ".github" / "workflows"
    files = sorted(folder.glob("*.y*ml"))[:MOST_WORKFLOWS] if folder.is_dir() else []
    for path in files:
        lines = (line for line in _text(path).splitlines() if not line.lstrip().startswith("#"))
        found = next((found for line in lines if (found := WORKFLOWS.search(line))), None)
        if found is not None:
            return f"{found[0]} in {path.relative_to(root).as_posix()}"
    return ""


def _name(root: Path) -> str:
    """Give the project's name, where pyproject.toml tells it; what else knows it has no releases of ours."""
    if not (root / PYPROJECT).is_file():
        return ""
    project = find_table(parse_toml(_text(root / PYPROJECT, 10 * LARGEST), PYPROJECT), "project") or {}
    return str(project.get("name", ""))


def _text(path: Path, most: int = LARGEST) -> str:
    try:
        with path.open("rb") as file:
            return file.read(most).decode(errors="replace")
    except OSError:
        return ""
