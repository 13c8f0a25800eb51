"""The forge's bare repositories: plumbing on objects and refs, by the real git."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shipway.world.environment import Environment
from shipway.world.process import Completed, Processes

ABSENT = "0" * 40
PLATFORM_VARIABLES = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "GIT_EXEC_PATH")
SETTINGS = """
[gc]
\tauto = 0
[receive]
\tautogc = false
\tadvertiseAtomic = true
\thideRefs = refs/pull
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[user]
\tname = Embedded forge
\temail = forge@localhost
"""


def server_environment(home: Path) -> dict[str, str]:
    """Give the variables for the forge's own git: nothing of the person's configuration or secrets."""
    given = Environment().variables
    kept = {name: given[name] for name in PLATFORM_VARIABLES if name in given}
    quiet = {"HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    return kept | quiet | {"GIT_TERMINAL_PROMPT": "0"}


def import_environment() -> dict[str, str]:
    """Give the variables for reading a person's repository: their git settings, but no hook's ``GIT_DIR``."""
    environment = Environment()
    kept = {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH"}
    scrubbed = environment.scrubbed(GIT_TERMINAL_PROMPT="0", LC_ALL="C")
    return {k: v for k, v in scrubbed.items() if not k.startswith("GIT_") or k in kept or k == "GIT_TERMINAL_PROMPT"}


@dataclass(frozen=True)
class Commit:
    """A commit as the API tells it."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Mapping[str, str]
    committer: Mapping[str, str]
    message: str

    @property
    def subject(self) -> str:
        """The message's first line."""
        return self.message.partition("\n")[0]


COMMIT_FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00%x01"


def parse_commits(output: str) -> list[Commit]:
    """Parse what ``git log`` printed in `COMMIT_FORMAT`."""
    commits = []
    for record in output.split("\x00\x01")[:-1]:
        sha, tree, parents, an, ae, ad, cn, ce, cd, message = record.lstrip("\n").split("\x00")
        author, committer = {"name": an, "email": ae, "date": ad}, {"name": cn, "email": ce, "date": cd}
        commits.append(Commit(sha, tree, tuple(parents.split()), author, committer, message.rstrip("\n")))
    return commits


@dataclass(frozen=True)
class BareRepository:
    """One bare repository on disk."""

    path: Path
    home: Path

    def run(
        self, *words: str, check: bool = True, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> Completed:
        """Run git in the repository, or in one of its work trees."""
        return self.run_program(["git", *words], check=check, env=env, cwd=cwd)

    def run_program(
        self, argv: Sequence[str], *, check: bool = False, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> Completed:
        """Run git or one of its hooks there, with the forge's own settings."""
        child = {**server_environment(self.home), **(env or {})}
        return Processes(Environment()).run(argv, cwd=cwd or self.path, env=child, check=check)

    def read(self, *words: str) -> str:
        """Run git and give what it printed."""
        return self.run(*words).stdout.strip()

    def create(self, branch: str, source: Path, commit: str) -> None:
        """Make the repository on disk with one branch at a commit, and all tags of its source."""
        self.path.mkdir(parents=True)
        self.run("init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}", ".")
        with (self.path / "config").open("a", encoding="utf-8") as configuration:
            configuration.write(SETTINGS)
        refspecs = [f"+{commit}:refs/heads/{branch}", "+refs/tags/*:refs/tags/*"]
        words = ["git", "fetch", "--quiet", "--no-write-fetch-head", "--update-shallow", str(source.resolve())]
        Processes(Environment()).run([*words, *refspecs], cwd=self.path, env=import_environment())

    def find_commit(self, name: str) -> str | None:
        """Resolve a name to a commit; None when there is none."""
        if not name or name.startswith("-"):
            return None
        done = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", check=False)
        return done.stdout.strip() or None

    def find_ref(self, ref: str) -> tuple[str, str] | None:
        """Give a full ref's object and its type."""
        return self.list_refs(ref).get(ref)

    def list_refs(self, prefix: str = "refs/") -> dict[str, tuple[str, str]]:
        """Give refs below a prefix (a whole name, or up to a slash), each with object and type, by name."""
        form = "--format=%(refname)%00%(objectname)%00%(objecttype)"
        lines = self.read("for-each-ref", form, prefix).splitlines()
        rows = (line.split("\x00") for line in lines)
        return {name: (sha, kind) for name, sha, kind in rows}

    def branch(self, name: str) -> str | None:
        """Give the commit of a branch."""
        found = self.find_ref(f"refs/heads/{name}")
        return found[0] if found else None

    def commits(self, *revisions: str, limit: int | None = None) -> list[Commit]:
        """Give the commits of a range, newest first."""
        limits = [] if limit is None else [f"--max-count={limit}"]
        done = self.run("log", "--no-show-signature", f"--format={COMMIT_FORMAT}", *limits, *revisions, "--")
        return parse_commits(done.stdout)

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether one commit is part of another's history."""
        return self.run("merge-base", "--is-ancestor", old, new, check=False).code == 0

    def update_ref(self, ref: str, new: str, old: str | None = None) -> bool:
        """Move a ref by compare-and-swap; False when it was not at ``old``, or cannot be."""
        expected = [] if old is None else [old]
        if new == ABSENT:
            return self.run("update-ref", "-d", ref, *expected, check=False).code == 0
        return self.run("update-ref", ref, new, *expected, check=False).code == 0

    def is_valid_ref(self, ref: str) -> bool:
        """Whether a full name can be a ref."""
        return self.run("check-ref-format", ref, check=False).code == 0

    def has_object(self, sha: str) -> bool:
        """Whether an object is there."""
        return self.run("cat-file", "-e", sha, check=False).code == 0
