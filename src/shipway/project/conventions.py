"""How a repository's commits are read: by its own keys, else as the tool does that it uses, else by our convention."""

from __future__ import annotations

from collections.abc import Mapping

from shipway.changelog.convention import OWN, Convention, Kind
from shipway.project.dialects.reading import is_there, read_text
from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT

CLIFF_FILES = ("cliff.toml", ".cliff.toml", ".config/cliff.toml", ".github/cliff.toml")
CZ_FILES = (".cz.toml", "cz.toml", ".cz.json", "cz.json", ".cz.yaml", "cz.yaml", ".cz.yml", ".cz.cfg", ".cz")

CHANGELOG_FILES = (".git-changelog.toml", "config/git-changelog.toml", ".config/git-changelog.toml")
CHGLOG = ".chglog/config.yml"
TASKS = "duties.py"
NPM_FILES = (
    *(f".releaserc{ending}" for ending in ("", ".json", ".yaml", ".yml", ".js")),
    *(f".versionrc{ending}" for ending in ("", ".json", ".js")),
    "release.config.js",
    "release.config.cjs",
    "package.json",
)


def read_convention(
    find: Find,
    titles: Mapping[str, str] | None = None,
    *,
    squash: bool | None = None,
    above: Find | None = None,
    package: str = "",
) -> Convention:
    """Read how commits count and where they are told.

    ``titles`` are those that the repository itself wrote for its types ("" hides one), ``squash`` its word on commits
    that hold several; ``package`` is the path of one of several distributions, ``above`` its files.
    """
    convention = find_tool(find) or (find_tool(above, package) if above else None) or OWN
    if squash is not None:
        convention = convention._replace(squash="lines" if squash else "")
    return _titled(convention, titles) if titles else convention


def find_tool(find: Find, package: str = "") -> Convention | None:
    """Find the tool that makes the repository's releases from commits; None where it has none."""
    from shipway.project.dialects.release_please import find_release_please

    found = find_release_please(find, package)
    if found is None and _names(find, "semantic_release", ("releaserc.toml",)):
        from shipway.project.dialects.semantic_release import find_semantic_release

        found = find_semantic_release(find)
    return found or _find_other(find) or _find_last(find)


def _find_other(find: Find) -> Convention | None:
    """Find commitizen or git-cliff; of both the one that makes the releases."""
    commitizen = cliff = None
    if _names(find, "cliff", CLIFF_FILES):
        from shipway.project.dialects.cliff import find_cliff

        cliff = find_cliff(find)
    if not _names(find, "commitizen", CZ_FILES):
        return cliff
    from shipway.project.dialects.commitizen import find_commitizen, is_bumping

    commitizen = find_commitizen(find)
    if commitizen is not None and (cliff is None or is_bumping(commitizen, find)):
        return commitizen
    return cliff


def _find_last(find: Find) -> Convention | None:
    """Find git-chglog, git-changelog, or a tool of npm's, which nobody has beside another."""
    if is_there(find, CHGLOG):
        from shipway.project.dialects.git_chglog import find_git_chglog

        return find_git_chglog(find)
    if any(is_there(find, name) for name in NPM_FILES):
        from shipway.project.dialects.npm import find_npm

        found = find_npm(find)
        if found is not None:
            return found
    if not (_names(find, "git-changelog", CHANGELOG_FILES) or "changelog" in read_text(find, TASKS)):
        return None
    from shipway.project.dialects.git_changelog import find_git_changelog

    return find_git_changelog(find)


def _names(find: Find, word: str, files: tuple[str, ...]) -> bool:
    """Whether anything here could configure a tool: most repositories need not load what reads its options."""
    texts = (read_text(find, name) for name in (PYPROJECT, "setup.cfg"))
    return any(word in text for text in texts) or any(is_there(find, name) for name in files)


def _titled(convention: Convention, titles: Mapping[str, str]) -> Convention:
    """Give a convention with the repository's own titles; what it names decides, in its order."""
    kinds = dict(convention.kinds)
    for word, title in titles.items():
        level = kinds[word].level if word in kinds else ""
        kinds[word] = Kind(level or ("patch" if title else ""), title) if title else Kind()
    breaking = convention.breaking
    if "breaking" in titles:
        breaking = breaking._replace(section=titles["breaking"])
    sections = dict.fromkeys([breaking.section, *titles.values(), *convention.sections])
    return convention._replace(
        kinds=kinds,
        breaking=breaking,
        sections=tuple(one for one in sections if one),
        reader=None,
        other=convention.other,
    )
