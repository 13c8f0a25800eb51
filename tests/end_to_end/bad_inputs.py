"""Kinds of bad input: how each is arranged, and what has to be said about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from end_to_end.support import NOXFILE, PYPROJECT, World, git

Arrange = Callable[[World], object]


def nothing(world: World) -> None:
    """Leave the world as it is."""


def edited(old: str, new: str) -> Arrange:
    """Commit another ``pyproject.toml``."""
    assert old in PYPROJECT
    return lambda world: world.commit({"pyproject.toml": PYPROJECT.replace(old, new, 1)})


def committed(changes: Mapping[str, str | None]) -> Arrange:
    """Commit changed files."""
    return lambda world: world.commit(changes)


def written(name: str, text: str) -> Arrange:
    """Change a file and commit nothing."""
    return lambda world: (world.clone / name).write_text(text, encoding="utf-8")


def called(*words: str) -> Arrange:
    """Run git in the clone."""
    return lambda world: git(world.clone, *words)


def ahead(world: World) -> None:
    """Commit what the forge does not have."""
    world.commit({"new.txt": "Here alone.\n"}, push=False)


def behind(world: World) -> None:
    """Let somebody else push."""
    world.commit({"new.txt": "There alone.\n"})
    git(world.clone, "reset", "--quiet", "--hard", "HEAD~1")


def diverged(world: World) -> None:
    """Let somebody else push, and commit something else here."""
    behind(world)
    world.commit({"other.txt": "Here alone.\n"}, push=False)


def published(version: str) -> Arrange:
    """Have a file of a version on the index already."""
    name = f"acme_widgets-{version}.tar.gz"
    return lambda world: world.stage.index.add_foreign_file(name, b"somebody's bytes")


def shallow(world: World) -> None:
    """Clone again, with one commit of history."""
    world.commit({"new.txt": "So that there is history to cut.\n"})
    place = world.clone.with_name("shallow")
    git(world.clone.parent, "clone", "--quiet", "--depth", "1", world.bare.as_uri(), str(place))
    git(place, "remote", "set-url", "origin", world.stage.remote_url)
    world.clone = place


def anonymous(world: World) -> None:
    """Be nobody: no identity in the environment, and none to be guessed from the machine."""
    for name in [name for name in world.variables if name.startswith(("GIT_AUTHOR_", "GIT_COMMITTER_", "EMAIL"))]:
        del world.variables[name]
    git(world.clone, "config", "user.useConfigOnly", "true")


def tokenless(world: World) -> None:
    """Have no token for the forge."""
    del world.variables["GITHUB_TOKEN"]


def quarantined(world: World) -> None:
    """Have the project quarantined by the index."""
    published("1.2.4")(world)
    world.stage.index.switches.statuses["acme-widgets"] = "quarantined"


def hidden(world: World) -> None:
    """Have git's server closed."""
    git(world.clone, "remote", "set-url", "origin", "http://localhost:1/rehearsal/acme.git")


@dataclass(frozen=True)
class Case:
    """One kind of bad input: what is asked, what was arranged, and what has to be said."""

    words: str
    code: int
    says: str
    following: str
    arrange: Arrange = nothing
    env: Mapping[str, str] = field(default_factory=dict)


USAGE = {
    "no bump to plan": Case("plan", 10, "no bump was given", r"shipway plan minor$"),
    "no bump to release": Case("release --yes", 10, "no bump was given", r"shipway release minor$"),
    "nearly a bump": Case("plan minro", 10, r"'minro'.*did you mean minor\?", r"shipway plan minor$"),
    "no bump at all": Case("plan banana", 10, "'banana'.*major, minor, patch", r"plan --help$"),
    "nearly a version": Case("plan 1.2.x", 10, r"'1\.2\.x' is no bump", "say major, minor, patch"),
    "a local version": Case("plan 1.3.0+here", 10, "has a local part", r"say 1\.3\.0$"),
    "a version said twice": Case("plan 1.3.0 --pre rc", 10, "says it twice", "say major"),
    "no kind of pre-release": Case("plan minor --pre beta", 10, "'beta'.*a, b, rc, dev, post", r"plan --help$"),
    "nearly a step": Case("release minor --only claimm", 10, r"did you mean claim\?", r"release minor --only claim$"),
    "nearly an option": Case("release minor --dryrun", 10, r"did you mean --dry-run\?", "release minor --dry-run$"),
    "nearly a command": Case("relaese minor", 10, r"did you mean release\?", "shipway release minor$"),
    "nobody to ask": Case("release minor", 10, "nobody can be asked", "release minor --yes$"),
}

CONFIGURATION = {
    "broken TOML": Case(
        "plan minor",
        11,
        r"pyproject\.toml is broken: .*\(line 7, column \d+\)",
        r"mend line 7 of pyproject\.toml",
        edited('name = "acme-widgets"', "name = = broken"),
    ),
    "no version": Case(
        "plan minor", 11, r"\[project\].*has no version", 'write version = "', edited('version = "1.2.4"\n', "")
    ),
    "a dynamic version": Case(
        "plan minor",
        11,
        "its version is dynamic",
        'take "version" out of dynamic',
        edited('version = "1.2.4"', 'dynamic = ["version"]'),
    ),
    "no version by PEP 440": Case(
        "plan minor", 11, "is 'one'.*PEP 440", "write a version", edited('version = "1.2.4"', 'version = "one"')
    ),
    "no name": Case("plan minor", 11, "no name that an index takes", 'write name = "', edited("acme-widgets", "-")),
    "no pyproject.toml": Case(
        "plan minor", 11, r"there is no pyproject\.toml", "run in the project's", committed({"pyproject.toml": None})
    ),
    "an unknown key": Case(
        "plan minor",
        11,
        r"'tag-fromat' is not a key.*did you mean tag-format\?",
        r"mend \[tool\.shipway\]",
        edited("[tool.towncrier]", '[tool.shipway]\ntag-fromat = "v{version}"\n\n[tool.towncrier]'),
    ),
    "two errors at once": Case(
        "plan minor",
        11,
        r"2 problems:.*'brunch' is not a key.*did you mean branch\?.*publisher takes one of.*'twin'",
        r"mend \[tool\.shipway\]",
        edited("[tool.towncrier]", '[tool.shipway]\nbrunch = "x"\npublisher = "twin"\n\n[tool.towncrier]'),
    ),
    "credentials in an address": Case(
        "plan minor",
        11,
        "holds credentials",
        "mend",
        env={"SHIPWAY_UPLOAD_URL": "https://me:hush-hush@example.invalid/"},
    ),
    "no towncrier": Case(
        "plan minor",
        11,
        "towncrier is not configured",
        r"add \[tool\.towncrier\]",
        edited("[tool.towncrier]", '[tool.shipway]\nchangelog = "towncrier"\n[tool.x]'),
    ),
    "broken towncrier": Case(
        "plan minor", 11, "towncrier's directory.*leads out", "mend", edited('"changelog.d"', '"../elsewhere"')
    ),
}

BLOCKED = {
    "a version that goes down": Case("plan 1.0.0", 12, r"1\.0\.0 goes down: the version is 1\.2\.4", "say major"),
    "the same version": Case("plan 1.2.4", 12, r"1\.2\.4 is the version already", "say major"),
    "a dirty tree": Case(
        "plan minor",
        12,
        r"has changes: README\.md",
        "git stash --include-untracked",
        written("README.md", "Changed.\n"),
    ),
    "an untracked file": Case("plan minor", 12, r"has changes: new\.txt", "git stash", written("new.txt", "New.\n")),
    "a detached HEAD": Case(
        "plan minor",
        12,
        "this is a detached HEAD, not main",
        "git switch main$",
        called("switch", "--quiet", "--detach"),
    ),
    "another branch": Case(
        "plan minor",
        12,
        "this is the branch side, not main",
        "git switch main$",
        called("switch", "--quiet", "-c", "side"),
    ),
    "no commit": Case("plan minor", 12, "has no commit", "git commit", called("update-ref", "-d", "refs/heads/main")),
    "no remote": Case(
        "plan minor", 12, "no git remote named origin", "git remote add origin ", called("remote", "remove", "origin")
    ),
    "ahead": Case("plan minor", 12, "main is ahead of origin", "git push origin main$", ahead),
    "behind": Case("plan minor", 12, "main is behind origin", "git pull --ff-only origin main$", behind),
    "diverged": Case(
        "plan minor",
        12,
        "main and origin have gone apart",
        "git pull --rebase origin main && git push origin main$",
        diverged,
    ),
    "a branch that the remote lacks": Case(
        "plan minor",
        12,
        "origin has no branch side",
        "git push origin side$",
        called("switch", "--quiet", "-c", "side"),
        {"SHIPWAY_BRANCH": "side"},
    ),
    "a shallow clone": Case("plan minor", 12, "this clone is shallow", "git fetch --unshallow --tags origin$", shallow),
    "misnamed fragments": Case(
        "plan minor",
        12,
        r"changelog\.d/8\.feture\.md would be left out.*",
        r"rename it to ISSUE\.TYPE\.md; types: feature",
        committed({"changelog.d/8.feture.md": "Lost.\n"}),
    ),
    "an empty fragment": Case(
        "plan minor", 12, r"7\.feature\.md is empty", "write a sentence", committed({"changelog.d/7.feature.md": " \n"})
    ),
    "an empty section": Case(
        "plan minor",
        12,
        r"section of 1\.3\.0 would be empty",
        "shipway changelog add feature",
        committed({"changelog.d/7.feature.md": None, "changelog.d/+x.misc.md": "No significant changes.\n"}),
    ),
    "no fragments": Case(
        "plan minor",
        17,
        r"changelog\.d holds no fragment",
        "shipway changelog add feature",
        committed({"changelog.d/7.feature.md": None}),
    ),
    "no token": Case(
        "release minor --yes", 12, "no token for the forge", "gh auth login; or set GITHUB_TOKEN", tokenless
    ),
    "no identity": Case(
        "release minor --yes --no-gates", 12, "git knows no identity", r"git config --global user\.name", anonymous
    ),
    "no gate": Case(
        "release minor --yes",
        12,
        "no nox session is tagged gate",
        "tag a session: @nox.session",
        committed({"noxfile.py": NOXFILE.replace('tags=["gate"], ', "")}),
    ),
    "a failing gate": Case(
        "release minor --yes",
        12,
        "gate lint: aborted.*the roof is on fire",
        "python -m nox -s lint, mend it, then ",
        committed({"noxfile.py": NOXFILE.replace('session.log("fine")', 'session.error("the roof is on fire")')}),
    ),
    "a skipped gate": Case(
        "release minor --yes",
        12,
        "gate lint: skipped.*skipped is not passed",
        "python -m nox -s lint",
        committed({"noxfile.py": NOXFILE.replace('session.log("fine")', 'session.skip("not today")')}),
    ),
    "a broken noxfile": Case(
        "release minor --yes", 12, "nox could not list", "python -m nox --list", committed({"noxfile.py": "import\n"})
    ),
    "a quarantined project": Case("plan minor", 12, "quarantined and takes no uploads", "support", quarantined),
    "a published version": Case(
        "plan minor", 13, r"1\.3\.0 is on the index already", r"shipway release 1\.3\.1$", published("1.3.0")
    ),
    "a published pre-release": Case(
        "plan minor --pre rc",
        13,
        r"1\.3\.0rc1 is on the index already",
        r"shipway release 1\.3\.0rc2$",
        published("1.3.0rc1"),
    ),
    "a remote that does not answer": Case(
        "plan minor", 14, "origin could not be asked", "git ls-remote origin$", hidden
    ),
}
