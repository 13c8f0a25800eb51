"""Reading one git repository on this machine, with plumbing and an environment that holds no surprises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from shipway.release.outcomes import ToolError
from shipway.world.process import Completed, Processes
from shipway.world.redaction import credentials_in

REPOSITORY_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")
"""Left by a surrounding hook or alias; they would point our git at another repository."""


@dataclass(frozen=True)
class LocalGit:
    """One repository and its work tree."""

    root: Path
    processes: Processes

    def run(
        self, *words: str, check: bool = True, stdin: str | None = None, env: Mapping[str, str] | None = None
    ) -> Completed:
        """Run git here; ``env`` is added to the scrubbed environment."""
        return self.processes.run(
            ["git", *words], cwd=self.root, env=self._environment(env or {}), stdin=stdin, check=check
        )

    def streaming(self, *words: str) -> AbstractContextManager[Iterator[bytes]]:
        """Run git here and read what it prints while it prints it."""
        env = self._environment({"GIT_FLUSH": "0"})  # else it hands over every commit by itself
        return self.processes.streaming(["git", *words], cwd=self.root, env=env)

    def read(self, *words: str, stdin: str | None = None, env: Mapping[str, str] | None = None) -> str:
        """Run git and give what it printed, without the last newline."""
        return self.run(*words, stdin=stdin, env=env).stdout.rstrip("\n")

    def _environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        environment = self.processes.environment
        child = environment.scrubbed(LC_ALL="C", GIT_TERMINAL_PROMPT="0", GIT_OPTIONAL_LOCKS="0")
        for name in REPOSITORY_VARIABLES:
            child.pop(name, None)
        return child | environment.git_settings | dict(extra)

    def flag(self, key: str) -> bool:
        """Whether a boolean configuration key is on."""
        return self.run("config", "--type=bool", "--get", key, check=False).stdout.strip() == "true"

    def find_credentials(self) -> list[str]:
        """Give what git's settings hold of secrets: passwords in addresses, headers that log in."""
        listed = self.run("config", "-z", "--list", check=False).stdout
        return [found for text in re.split("[\0\n]", listed) for found in credentials_in(text)]

    def find_commit(self, name: str) -> str | None:
        """Give the commit that a name means here, if it exists."""
        found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", check=False)
        return found.stdout.strip() if found.code == 0 else None

    def find_branch(self) -> str | None:
        """Give the checked-out branch; None on a detached HEAD."""
        found = self.run("symbolic-ref", "--quiet", "--short", "HEAD", check=False)
        return found.stdout.strip() if found.code == 0 else None

    def is_shallow(self) -> bool:
        """Whether history was cut off when this was cloned."""
        return self.read("rev-parse", "--is-shallow-repository") == "true"

    def changed_paths(self) -> list[str]:
        """Give the paths that differ from HEAD, untracked ones too."""
        records = self.run("status", "--porcelain", "-z", "--no-renames").stdout.split("\0")
        return [record[3:] for record in records if record]

    def tracked_paths(self, commit: str) -> list[str]:
        """Give every path of a commit's tree."""
        return self.run("ls-tree", "-r", "-z", "--name-only", commit).stdout.rstrip("\0").split("\0")

    def find_file(self, commit: str, path: str) -> str | None:
        """Give a file's text at a commit."""
        found = self.run("cat-file", "blob", f"{commit}:{path}", check=False)
        return found.stdout if found.code == 0 else None

    def tree_of(self, commit: str) -> str:
        """Give the tree of a commit."""
        return self.read("rev-parse", "--verify", f"{commit}^{{tree}}")

    def date_of(self, commit: str) -> int:
        """Give a commit's committer time in seconds since the epoch."""
        return int(self.read("show", "--no-patch", "--format=%ct", commit))

    def contains(self, commit: str, ancestor: str) -> bool:
        """Whether a commit has another one in its history (or is it)."""
        answer = self.run("merge-base", "--is-ancestor", ancestor, commit, check=False)
        if answer.code not in (0, 1):
            raise ToolError(f"git cannot compare {ancestor[:9]} with {commit[:9]}", why=answer.stderr.strip())
        return answer.code == 0

    def merge_trees(self, ours: str, theirs: str) -> tuple[str | None, list[str]]:
        """Merge two commits without a work tree: the tree, or None and the paths in conflict (git 2.38)."""
        answer = self.run("merge-tree", "--write-tree", "--name-only", "-z", ours, theirs, check=False)
        if answer.code not in (0, 1):
            raise ToolError("git merge-tree failed: it needs git 2.38 or later", why=answer.stderr.strip())
        tree, *rest = answer.stdout.split("\0")
        return (tree, []) if answer.code == 0 else (None, rest[: rest.index("")] if "" in rest else rest)

    def _configured(self, settings: Sequence[tuple[str, str]]) -> dict[str, str]:
        """Give the environment that adds configuration (git-config, GIT_CONFIG_COUNT), unseen in arguments."""
        first = int(self.processes.environment.find("GIT_CONFIG_COUNT") or 0)
        found = {"GIT_CONFIG_COUNT": str(first + len(settings))}
        for number, (key, value) in enumerate(settings, start=first):
            found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return found
