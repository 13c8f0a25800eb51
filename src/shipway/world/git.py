"""The git door: reads with plumbing, writes only what a step asks for.

Everything shared is read from and written to the remote's push address, handed to git through its environment, so
that reading and writing mean the same server and no address with credentials stands in an argument list.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from shipway.release.outcomes import BlockedError, UnavailableError
from shipway.world.git_local import LocalGit
from shipway.world.git_login import login_settings, without_login
from shipway.world.process import Completed

CANONICAL = "shipway-canonical"
"""The name under which git children know the remote's push address."""

CARRIED = "refs/heads/carried"
"""The ref in a bundle that holds its commit."""

NOBODY = {f"GIT_{who}_{part}": "nobody" for who in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
"""Makes commits that are thrown away at once."""


@dataclass(frozen=True)
class Won:
    """The remote holds what was asked for."""


@dataclass(frozen=True)
class Lost:
    """Somebody else moved the ref first; ``found`` is what it holds now ("" for nothing)."""

    found: str


@dataclass(frozen=True)
class Refused:
    """The server said no, or took the update and shows none of it."""

    why: str


@dataclass(frozen=True)
class Unanswered:
    """Nobody knows: the push may have arrived, and the remote could not be read afterwards."""

    why: str


Swapped = Won | Lost | Refused | Unanswered

NO_HOOKS = ("-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True)
class Git(LocalGit):
    """One repository, the objects that a release adds to it, and its remote."""

    remote: str = "origin"
    token_host: str = ""
    token: str = field(default="", repr=False)
    store: Path | None = None
    """Where new objects go instead of into the repository's own store, which is only read then."""

    def storing_in(self, place: Path) -> Git:
        """Give the same repository and remote, with a store of its own for what is thrown away later."""
        (place / "pack").mkdir(parents=True, exist_ok=True)
        return replace(self, store=place)

    def _environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        return super()._environment(self._stores | dict(extra))

    @cached_property
    def _stores(self) -> dict[str, str]:
        if self.store is None:
            return {}
        own = replace(self, store=None).read("rev-parse", "--path-format=absolute", "--git-path", "objects")
        quoted = own.replace("\\", "\\\\").replace('"', '\\"')  # a colon in it would end it otherwise
        return {"GIT_OBJECT_DIRECTORY": str(self.store.resolve()), "GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{quoted}"'}

    # --- writing objects; no ref, work tree or index of the user is touched ----------------------

    @contextmanager
    def checkout(self, commit: str, place: Path) -> Iterator[Git]:
        """Give a throw-away clone at a commit that borrows our objects."""
        _remove(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        self.run(*NO_HOOKS, "clone", "--quiet", "--shared", "--no-checkout", "--template=", str(self.root), str(place))
        clone = Git(place, self.processes)
        clone.run(*NO_HOOKS, "checkout", "--quiet", "--detach", commit)
        try:
            yield clone
        finally:
            _remove(place)

    def take_tree(self, clone: Git) -> str:
        """Give everything in a clone's work tree as a tree, its objects brought over to ours."""
        clone.run("add", "--all")
        tree = clone.read("write-tree")
        carrier = clone.read("commit-tree", tree, "-m", "carries objects", env=NOBODY)
        clone.run("update-ref", "--no-deref", "HEAD", carrier)
        self.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", str(clone.root), "HEAD")
        return tree

    def commit_tree(self, tree: str, parents: list[str], message: str, date: str) -> str:
        """Make a commit with the user's identity at a given date; signed where git is configured to sign."""
        signing = ["-S"] if self.flag("commit.gpgSign") else []
        words = [word for parent in parents for word in ("-p", parent)]
        return self.read("commit-tree", tree, *words, *signing, "-F", "-", stdin=message, env=self.identity(date))

    def bundle(self, commit: str, base: str, file: Path, place: Path) -> None:
        """Write a commit, with all that its base lacks, into a file that another clone can fetch from (git-bundle)."""
        objects = {"GIT_OBJECT_DIRECTORY": self.read("rev-parse", "--path-format=absolute", "--git-path", "objects")}
        _remove(place)
        self.run("init", "--quiet", "--bare", "--template=", str(place))
        bare = Git(place, self.processes)
        try:
            bare.run("update-ref", CARRIED, commit, env=objects)
            bare.run("bundle", "create", "--quiet", str(file), CARRIED, f"^{base}", env=objects)
        finally:
            _remove(place)

    def unbundle(self, file: Path) -> None:
        """Take over what a bundle holds; one that does not fit this clone brings nothing."""
        self.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", str(file), CARRIED, check=False)

    def make_tag(self, name: str, commit: str, message: str, date: str, place: Path) -> str:
        """Make an annotated tag object (signed where configured) without a local ref; give its id."""
        objects = self.read("rev-parse", "--path-format=absolute", "--git-path", "objects")
        settings = self._signing_settings() | self.identity(date) | {"GIT_OBJECT_DIRECTORY": objects}
        _remove(place)
        self.run("init", "--quiet", "--bare", "--template=", str(place))
        bare = Git(place, self.processes)
        try:
            bare.run("tag", "--annotate", "--cleanup=verbatim", "-F", "-", name, commit, stdin=message, env=settings)
            return bare.read("rev-parse", f"refs/tags/{name}", env=settings)
        finally:
            _remove(place)

    def identity(self, date: str) -> dict[str, str]:
        """Give who commits and tags, dated; `BlockedError` where git knows nobody."""
        known = self.find_identity()
        if known is None:
            raise BlockedError(
                "git knows no identity for the release commit",
                why="a commit and a tag need an author",
                remedy='git config --global user.name "NAME" && git config --global user.email EMAIL',
            )
        name, email = known
        who = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email}
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        return dates | who | {"GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": email}

    def find_identity(self) -> tuple[str, str] | None:
        """Give name and address of whoever git says that we are; on GitHub Actions at least its own robot."""
        found = self.run("var", "GIT_COMMITTER_IDENT", check=False)
        if found.code == 0:
            name, _, rest = found.stdout.partition(" <")
            return name, rest.partition(">")[0]
        robot = "github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com"
        return robot if self.processes.environment.is_github else None

    def _signing_settings(self) -> dict[str, str]:
        listed = self.run("config", "-z", "--get-regexp", r"^(gpg\.|tag\.gpgsign|user\.signingkey)", check=False).stdout
        pairs = [record.split("\n", 1) for record in listed.split("\0") if "\n" in record]
        return self._configured([(pair[0], pair[1]) for pair in pairs])

    # --- the remote -------------------------------------------------------------------------------

    def find_remote_url(self) -> str | None:
        """Give the address that pushes go to."""
        found = self.run("remote", "get-url", "--push", self.remote, check=False)
        return found.stdout.strip() if found.code == 0 else None

    def require_remote_url(self) -> str:
        """Give the address that pushes go to; `BlockedError` where there is none."""
        url = self.find_remote_url()
        if url is None:
            raise BlockedError(
                f"there is no git remote named {self.remote}",
                why="a release is claimed, landed and tagged there",
                remedy=shlex.join(["git", "remote", "add", self.remote, "ADDRESS"]),
            )
        return url

    @cached_property
    def _canonical(self) -> dict[str, str]:
        """The environment by which git children know the remote; one address for as long as we run."""
        url, login = without_login(self.require_remote_url())
        if not login and self.token and self.token_host and url.startswith(self.token_host):
            login = f"x-access-token:{self.token}"
        return self._configured([(f"remote.{CANONICAL}.url", url), *login_settings(url, login)])

    def remote_refs(self, *patterns: str) -> dict[str, str]:
        """Give the remote's refs (peeled tags as ``ref^{}``); `UnavailableError` when it cannot be asked."""
        listed = self.run("ls-remote", CANONICAL, *patterns, check=False, env=self._canonical)
        if listed.code != 0:
            why = self.processes.environment.redact(listed.stderr.strip())
            raise UnavailableError(
                f"the remote {self.remote} could not be asked",
                why=why,
                remedy=shlex.join(["git", "ls-remote", self.remote]),
            )
        rows = [line.split("\t") for line in listed.stdout.splitlines()]
        return {ref: commit for commit, ref in rows}

    def fetch(self, *commits_or_refs: str) -> None:
        """Bring objects from the remote; no ref of the user changes."""
        if missing := [name for name in commits_or_refs if not self._has(name)]:
            words = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", CANONICAL)
            done = self.run(*words, *missing, check=False, env=self._canonical)
            if done.code != 0:
                why = self.processes.environment.redact(done.stderr.strip())
                raise UnavailableError(f"the remote {self.remote} did not give {', '.join(missing)}", why=why)

    def fetch_history(self) -> None:
        """Bring every branch (as the remote's) and every tag."""
        words = ("fetch", "--quiet", "--tags", "--no-write-fetch-head", CANONICAL)
        done = self.run(*words, f"+refs/heads/*:refs/remotes/{self.remote}/*", check=False, env=self._canonical)
        if done.code != 0:
            why = self.processes.environment.redact(done.stderr.strip())
            raise UnavailableError(f"the remote {self.remote} could not be asked", why=why)

    def _has(self, name: str) -> bool:
        """Whether a commit is here, and its parents too: of two stores, one may have lost its part."""
        return self.run("rev-list", "--quiet", "--max-count=2", name, "--", check=False).code == 0

    def push(self, updates: Mapping[str, str], leases: Mapping[str, str]) -> Completed:
        """Ask for all ref updates or none, each only while the remote still holds the leased value.

        ``updates`` maps full refs to objects ("" deletes); ``leases`` maps the same refs to what is expected
        ("" for absent). Exit code 0 is not "won": the caller reads the refs back.
        """
        words = ["push", "--atomic", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed"]
        words += [f"--force-with-lease={ref}:{value}" for ref, value in leases.items()]
        done = self.run(
            *words, CANONICAL, *(f"{new}:{ref}" for ref, new in updates.items()), check=False, env=self._canonical
        )
        redact = self.processes.environment.redact
        return Completed(done.argv, done.code, redact(done.stdout), redact(done.stderr))

    def swap(self, ref: str, old: str, new: str, also: Mapping[str, tuple[str, str]] | None = None) -> Swapped:
        """Compare and swap: move ``ref`` from ``old`` to ``new`` on the remote ("" for absent), all updates or none.

        ``also`` maps further refs to what they hold and shall hold. The answer comes from reading the ref back, never
        from the exit code: a push that says it failed may have won, and one that says it worked may have done nothing.
        """
        moves = {ref: (old, new), **(also or {})}
        done = self.push(
            {name: after for name, (_, after) in moves.items()}, {n: before for n, (before, _) in moves.items()}
        )
        try:
            found = self.remote_refs(ref).get(ref, "")
        except UnavailableError as error:
            return Unanswered(error.why or error.what)
        if found == new:
            return Won()
        if found != old:
            return Lost(found)
        if done.code == 0:
            return Refused(f"the server took {ref}, and does not show it")
        return Refused(refusals(done)) if is_refused(done) else Unanswered(refusals(done))


def _remove(place: Path) -> None:
    """Remove a folder with all that is in it, as far as that goes."""
    from shutil import rmtree  # slow to import, and most commands remove nothing

    rmtree(place, ignore_errors=True)


def is_refused(done: Completed) -> bool:
    """Whether the server judged a push and said no (git-push, ``--porcelain``), rather than not being reached."""
    return any(line.startswith("!") for line in done.stdout.splitlines())


def refusals(done: Completed) -> str:
    """Give the lines of a push in which the server says why it refused, without the noise around."""
    lines = [line.strip() for line in done.output.splitlines()]
    told = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    refused = [line.removeprefix("!").strip() for line in lines if line.startswith("!")]
    return "; ".join(part for part in [*told, *refused] if part) or " ".join(lines[-2:])
