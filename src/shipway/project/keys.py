"""The keys of ``[tool.shipway]``: one table for reading them, for their help and for their documentation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = str | bool | int | tuple[str, ...]
Kind = Literal[
    "choice",
    "text",
    "ref",
    "format",
    "scheme",
    "repository",
    "index",
    "address",
    "flag",
    "labels",
    "pythons",
    "sessions",
    "seconds",
    "titles",
]


@dataclass(frozen=True)
class Key:
    """One key: its name in TOML, what it takes, and what it means when it is not set."""

    name: str
    kind: Kind
    default: Value
    help: str
    allowed: tuple[str, ...] = ()
    detected: str = ""

    @property
    def field(self) -> str:
        """The name of the attribute of `Configuration`."""
        return self.name.replace("-", "_")

    @property
    def variable(self) -> str:
        """The environment variable that overrides the key."""
        return f"SHIPWAY_{self.field.upper()}"


TAG_FORMAT = "tag-format"
KEYS = (
    Key(
        "flow",
        "choice",
        "publish-first",
        "the order of a release: to the index before main, or main pushed directly",
        allowed=("publish-first", "direct"),
        detected="direct where there is no forge",
    ),
    Key("branch", "ref", "main", "the branch that releases are made from and come back to"),
    Key("remote", "ref", "origin", "the git remote that holds the branch and the tags"),
    Key("tag-format", "format", "v{version}", "the name of a version's tag", detected="from the tags that are there"),
    Key(
        "version-scheme",
        "scheme",
        "auto",
        "how versions count: semver, or a calendar's pattern such as YYYY.MM.MICRO; auto finds it in the tags",
    ),
    Key(
        "zero-version",
        "choice",
        "auto",
        "what breaks 0.x: the next minor; shifted: the next minor, and a feature is a patch; major: 1.0.0",
        allowed=("auto", "minor", "shifted", "major"),
    ),
    Key(
        "lower-bump",
        "choice",
        "warn",
        "what happens to a bump that is lower than the content asks for",
        allowed=("warn", "block"),
    ),
    Key("release-branch", "format", "release/{version}", "the name of the branch that carries a release commit"),
    Key(
        "forge",
        "choice",
        "none",
        "the service that hosts the repository, with its pull requests and releases",
        allowed=("github", "none"),
        detected="from the remote's host",
    ),
    Key("forge-url", "address", "", "the address of the forge's API", detected="from the remote's host"),
    Key("repository", "repository", "", "owner/name on the forge", detected="from the remote's address"),
    Key("index", "index", "default", "where to publish: default, test, or the address of a simple API"),
    Key("index-url", "address", "", "the address of the simple API, where it does not follow from index"),
    Key("upload-url", "address", "", "the address that takes uploads, where it does not follow from index"),
    Key(
        "publisher",
        "choice",
        "twine",
        "the program that uploads; external waits for somebody else's upload",
        allowed=("twine", "uv", "external"),
    ),
    Key("environment", "ref", "release", "the environment of the forge in which the workflow's publishing job runs"),
    Key("attestations", "flag", False, "whether distributions are published with attestations (PEP 740)"),
    Key(
        "register",
        "flag",
        True,
        "whether claims are kept in a ref of the remote; without it no other clone can resume or is kept out",
    ),
    Key("pull-request-labels", "labels", ("release",), "labels for the pull request of a release"),
    Key(
        "python",
        "pythons",
        ("3.10", "3.11", "3.12"),
        "the Python versions that gates run on",
        detected="from the classifiers, `.python-version` or `requires-python`",
    ),
    Key(
        "gates",
        "sessions",
        (),
        "sessions that a release shall insist on as if tagged gate: typecheck, docs, or the noxfile's own",
    ),
    Key(
        "development",
        "choice",
        "none",
        "what main goes on with after a final release: a development version of the next patch, minor or major",
        allowed=("none", "patch", "minor", "major"),
    ),
    Key("confirm-timeout", "seconds", 120, "how long to wait for the index to show a new version, in seconds"),
    Key(
        "changelog",
        "choice",
        "auto",
        "what the notes of a release are made of: fragments, commits, or the sections that people write in a file",
        allowed=("auto", "towncrier", "conventional", "keep-a-changelog", "headings", "scriv", "none"),
    ),
    Key(
        "changelog-sections",
        "titles",
        (),
        'the section of each type of commit, as a table: feat = "Added"; "" hides one; breaking is what breaks',
        detected="from the other tool that makes the changelog",
    ),
    Key(
        "squash-commits",
        "flag",
        False,
        "whether a commit's message may hold several messages: lines of a list, or paragraphs",
        detected="from the other tool that makes the changelog",
    ),
    Key("changelog-file", "text", "", "the changelog that people write", detected="from its name and its versions"),
    Key(
        "version-files",
        "labels",
        (),
        "further files that spell the version, with a pattern after a colon if need be; read in pyproject.toml alone",
    ),
)
