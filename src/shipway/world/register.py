"""The register door: one ref on the remote that holds the claim of a line of release, together with its bytes.

``refs/shipway/<distribution>/<branch>`` points to a commit whose first parent is the release commit. Its tree holds
``claim.json``, ``plan.json``, ``notes.md``, ``reports/`` and ``dist/``; when all is done only the first two. Its
second parent, if any, is what the ref held before, so that a claim can be taken back. Objects go to a store of their
own: neither the user's repository nor its refs change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shutil import rmtree

from packaging.utils import canonicalize_name

from shipway.release.claim import Claim, parse_claim, render_claim
from shipway.release.outcomes import ConflictError
from shipway.release.plan import parse_plan, render_plan
from shipway.world.git import Git, Swapped

CLAIM = "claim.json"
PLAN = "plan.json"


@dataclass(frozen=True)
class Held:
    """What the register held when it was read: the commit, the claim in it, and what it held before ("" for none)."""

    tip: str
    claim: Claim
    before: str


@dataclass(frozen=True)
class Register:
    """The register of one line of release: of one distribution, on one branch."""

    repository: Git
    distribution: str
    branch: str
    place: Path
    """A folder for objects and scratch; it may go away at any time."""

    @property
    def ref(self) -> str:
        """The full name of the ref."""
        return f"refs/shipway/{canonicalize_name(self.distribution)}/{self.branch}"

    @cached_property
    def _git(self) -> Git:
        return self.repository.storing_in(self.place / "objects")

    # --- reading ----------------------------------------------------------------------------------

    def find_tip(self) -> str:
        """Give the commit that the register holds; "" for none. `UnavailableError` where it cannot be asked."""
        return self.repository.remote_refs(self.ref).get(self.ref, "")

    def find(self) -> Held | None:
        """Give what the register holds now, or None."""
        tip = self.find_tip()
        return self.read(tip) if tip else None

    def read(self, tip: str) -> Held:
        """Read a commit of the register; `ConflictError` where it is none of ours."""
        self._git.fetch(tip)
        texts = {name: self._git.find_file(tip, name) for name in (CLAIM, PLAN)}
        _, *before = self._git.read("show", "--no-patch", "--format=%P", tip).split() or [""]
        try:
            claim = parse_claim(texts[CLAIM] or "", parse_plan(texts[PLAN] or ""))
        except ValueError as error:
            raise ConflictError(
                f"{self.ref} on {self.repository.remote} holds no claim that can be read: {error}",
                why="a release may be under way, made by another version of Shipway",
                remedy="python -m pip install --upgrade shipway",
            ) from None
        return Held(tip, claim, next(iter(before), ""))

    def unpack(self, tip: str) -> Path:
        """Give a folder with the files of a register's commit, byte for byte."""
        place = self.place / "files"
        bare = self.place / "bare"
        rmtree(place, ignore_errors=True)
        rmtree(bare, ignore_errors=True)
        place.mkdir(parents=True)
        self._git.run("init", "--quiet", "--bare", "--template=", str(bare))
        # A repository without attributes of its own: nothing may convert a byte.
        plain = {"GIT_DIR": str(bare), "GIT_WORK_TREE": str(place), "GIT_ATTR_NOSYSTEM": "1"}
        settings = ("-c", "core.autocrlf=false", "-c", "core.attributesFile=/dev/null", "-c", "core.symlinks=false")
        self._git.run(*settings, "read-tree", tip, env=plain)
        self._git.run(*settings, "checkout-index", "--all", f"--prefix={place}/", env=plain)
        return place

    # --- writing ----------------------------------------------------------------------------------

    def write(self, claim: Claim, files: Mapping[str, Path], before: str) -> str:
        """Make the register's commit for a new claim with all its files, by their names there; push nothing."""
        return self._commit(claim, self._blobs(files), before)

    def rewrite(self, held: Held, claim: Claim) -> str:
        """Make the commit with the same files and a changed claim."""
        listed = self._git.run("ls-tree", "-r", "-z", held.tip).stdout.rstrip("\0").split("\0")
        rows = [line.partition("\t") for line in listed]
        return self._commit(claim, {name: head.split()[2] for head, _, name in rows}, held.before)

    def finish(self, claim: Claim) -> str:
        """Make the commit of a claim that is done: the bytes are let go, and so is what was before."""
        return self._commit(claim, {}, "")

    def swap(self, old: str, new: str, also: Mapping[str, tuple[str, str]] | None = None) -> Swapped:
        """Move the register from one commit to another ("" for none), with further refs in the same push."""
        return self._git.swap(self.ref, old, new, also)

    def _blobs(self, files: Mapping[str, Path]) -> dict[str, str]:
        paths = "".join(f"{path.resolve()}\n" for path in files.values())
        made = self._git.read("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=paths).split()
        return dict(zip(files, made, strict=True))

    def _commit(self, claim: Claim, blobs: Mapping[str, str], before: str) -> str:
        own = {CLAIM: render_claim(claim), PLAN: render_plan(claim.plan)}
        written = {name: self._git.read("hash-object", "-w", "--stdin", stdin=text) for name, text in own.items()}
        listing = "".join(f"100644 {blob}\t{name}\0" for name, blob in {**blobs, **written}.items())
        index = {"GIT_INDEX_FILE": str(self.place.resolve() / "index")}
        (self.place / "index").unlink(missing_ok=True)
        self._git.run("update-index", "-z", "--index-info", stdin=listing, env=index)
        tree = self._git.read("write-tree", env=index)
        message = f"{claim.plan.title}: {claim.phase}\n"
        parents = [word for parent in (claim.commit, before) if parent for word in ("-p", parent)]
        identity = self.repository.identity(claim.owner.since)
        return self._git.read("commit-tree", "--no-gpg-sign", tree, *parents, "-F", "-", stdin=message, env=identity)
