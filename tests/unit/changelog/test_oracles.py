"""git-cliff and python-semantic-release read a few hundred messages too: every difference is explained.

They are no dependency of this repository: uv installs them into an environment of their own, once a run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from uv import find_uv_bin

from shipway.changelog.commits import parse_change
from shipway.changelog.convention import OWN, read_message
from unit.changelog.corpus import messages

pytestmark = pytest.mark.long

Read = tuple[str, str, str, bool]
"""What a message says: type, scope, description, and whether it breaks something."""
PEERS = ("git-cliff==2.14.2", "python-semantic-release==10.7.0")
CLIFF = """\
[git]
conventional_commits = true
filter_unconventional = true
commit_parsers = [
    { message = "(?i)^([a-z]+)", group = "$1" },
]
"""
ASK = """\
import json, sys
from semantic_release.commit_parser.conventional import ConventionalCommitParser, ConventionalCommitParserOptions
parser = ConventionalCommitParser(ConventionalCommitParserOptions(parse_squash_commits=False))
read = [parser.parse_message(message) for message in json.load(sys.stdin)]
told = [one and [one.type, one.scope, one.descriptions[0], one.bump.name == "MAJOR"] for one in read]
print(json.dumps(told))
"""
CLIFF_DIFFERS: Mapping[str, Callable[[str], bool]] = {
    "the specification wants a space after the colon (1); git-cliff does without": lambda m: ":no space" in m,
    "the specification has no say on blanks before the type, which git itself strips; git-cliff wants none": (
        lambda m: m.startswith(" ")
    ),
    "a breaking change is never lost: git-cliff refuses a message without the blank line (6)": (
        lambda m: "no blank line" in m
    ),
    "a breaking change is never lost: as a header it is by no rule, and git-cliff skips it": (
        lambda m: m.startswith("BREAKING")
    ),
}
RELEASE_DIFFERS: Mapping[str, Callable[[str], bool]] = {
    "units are not case sensitive (15); python-semantic-release wants small letters": lambda m: m.startswith(
        ("FEAT", "Feat")
    ),
    "a line ends with CRLF too: python-semantic-release loses footers and keeps the CR": lambda m: "\r" in m,
    "a scope holds no parentheses; python-semantic-release takes them along": lambda m: "(a)(b)" in m,
    "the specification has no say on blanks before the type; python-semantic-release wants none": (
        lambda m: m.startswith(" ")
    ),
    "a breaking change is never lost: python-semantic-release wants the blank line (8)": lambda m: "no blank line" in m,
    "a breaking change is never lost: as a header it is by no rule, and python-semantic-release skips it": (
        lambda m: m.startswith("BREAKING")
    ),
}


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the programs of an environment that holds both."""
    place = tmp_path_factory.mktemp("peers") / "venv"
    subprocess.run([find_uv_bin(), "venv", "--quiet", "--python", sys.executable, str(place)], check=True)
    words = ["pip", "install", "--quiet", "--python", str(place / "bin" / "python"), *PEERS]
    subprocess.run([find_uv_bin(), *words], check=True)
    return place / "bin"


def ours(message: str) -> Read | None:
    change = parse_change(message)
    if change is None:
        return None
    (told,) = read_message(OWN, message)
    return change.type, change.scope, change.description, told.level == "major"


def test_git_cliff_reads_the_same_but_for_what_is_explained(peers: Path, tmp_path: Path) -> None:
    corpus = list(messages())
    ids = commit_all(tmp_path, corpus)
    (tmp_path / "cliff.toml").write_text(CLIFF, encoding="utf-8")
    words = [str(peers / "git-cliff"), "--unreleased", "--context"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    (release,) = json.loads(done.stdout)
    told = {one["id"]: one for one in release["commits"]}
    theirs = [told.get(id_) for id_ in ids]
    read = [
        one and (one["group"].lower(), one["scope"] or "", one["message"].split("\n")[0].strip(), one["breaking"])
        for one in theirs
    ]
    require_explained(corpus, read, CLIFF_DIFFERS)


def test_python_semantic_release_reads_the_same_but_for_what_is_explained(peers: Path) -> None:
    corpus = list(messages())
    words = [str(peers / "python"), "-c", ASK]
    done = subprocess.run(words, input=json.dumps(corpus), capture_output=True, text=True, check=True)
    pulls = [one and (one[0], one[1], one[2], one[3]) for one in json.loads(done.stdout)]
    require_explained(corpus, pulls, RELEASE_DIFFERS)


def require_explained(corpus: list[str], read: list[Read | None], known: Mapping[str, Callable[[str], bool]]) -> None:
    """Require that every difference has an explanation, and that every explanation is needed."""
    assert len(read) == len(corpus)
    differing = [
        (message, theirs, ours(message))
        for message, theirs in zip(corpus, read, strict=True)
        if plain(theirs) != plain(ours(message))
    ]
    unexplained = [one for one in differing if not any(fits(one[0]) for fits in known.values())]
    assert unexplained == []
    assert [why for why, fits in known.items() if not any(fits(one[0]) for one in differing)] == []


def plain(read: Read | None) -> Read | None:
    """Leave out what is no matter of reading: the pull request's number, which one of them takes out of the text."""
    return read and (read[0], read[1], read[2].removesuffix(" (#123)"), read[3])


def commit_all(folder: Path, corpus: list[str]) -> list[str]:
    """Commit the messages as they are, and give the ids."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch", "main", folder], check=True)
    stream = b"".join(
        b"commit refs/heads/main\nmark :%d\ncommitter A <a@example.invalid> %d +0000\ndata %d\n%s\n"
        % (number, 1_700_000_000 + number, len(text), text)
        for number, text in enumerate((message.encode() for message in corpus), start=1)
    )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, check=True, env=dict(os.environ))
    listed = ["git", "rev-list", "--reverse", "main"]
    return subprocess.run(listed, cwd=folder, capture_output=True, text=True, check=True).stdout.split()
