"""A register on a plain bare repository: doors from several clones, and claims that differ by their bytes."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from end_to_end.support import GIT, git, make_project
from shipway.release.claim import Claim, Owner
from shipway.release.distributions import Distribution
from shipway.release.plan import Plan
from shipway.release.request import Request
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes
from shipway.world.register import Register

SINCE = "2026-01-02T03:04:05+00:00"
WHO = {f"GIT_{role}_{part}": "somebody" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
BYTES = b"\x1f\x8b\r\n\x00\xff bytes that are no text\r\n"


def make_remote(folder: Path) -> Path:
    """Make a project and a bare repository that holds its main; give the latter."""
    project = make_project(folder / "acme")
    git(folder, "clone", "--quiet", "--bare", str(project), "remote.git")
    return folder / "remote.git"


def clone_of(remote: Path, name: str) -> Git:
    """Clone a remote beside it, and open git there."""
    root = remote.parent / name
    git(remote.parent, "clone", "--quiet", str(remote), str(root))
    return Git(root, Processes(Environment({**os.environ, **GIT, **WHO})))


def register_in(repository: Git, branch: str = "main") -> Register:
    """Open the register of a clone."""
    return Register(repository, "Acme_Widgets", branch, repository.root / ".git" / "shipway")


def make_claim(repository: Git, nonce: str, version: str = "1.3.0") -> tuple[Claim, dict[str, Path]]:
    """Make a release commit and the files of its claim, which hold other bytes for each nonce."""
    head = git(repository.root, "rev-parse", "HEAD")
    commit = git(repository.root, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", f"Release {version} {nonce}")
    folder = repository.root / ".git" / f"files-{nonce}"
    (folder / "dist").mkdir(parents=True, exist_ok=True)
    data = BYTES + nonce.encode()
    sdist = Distribution(f"acme_widgets-{version}.tar.gz", sha256(data).hexdigest(), len(data), "sdist")
    (folder / "dist" / sdist.name).write_bytes(data)
    (folder / "notes.md").write_bytes(b"- Widgets turn.\r\n")
    plan = Plan(
        distribution="acme-widgets",
        previous="1.2.4",
        current="1.2.4",
        version=version,
        request=Request("minor"),
        tag=f"v{version}",
        base=head,
        branch="main",
        release_branch=f"release/{version}",
        flow="publish-first",
        forge="none",
        date=SINCE,
        notes="- Widgets turn.",
        files=("pyproject.toml",),
    )
    files = {name: folder / name for name in ("notes.md", f"dist/{sdist.name}")}
    return Claim(plan, commit, (sdist,), "claimed", Owner(nonce, "A. Maintainer", SINCE)), files
