"""What a forge must be able to do for a release: pull requests, forge releases, checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class PullRequest:
    """One pull request; ``state`` is ``open`` or ``closed``, and a merged one is closed too."""

    number: int
    url: str
    state: str
    merged: bool
    head_branch: str
    head_commit: str
    base_branch: str
    body: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Asset:
    """One file of a forge release; only ``state`` ``uploaded`` is whole, ``digest`` is SHA-256 in hex."""

    id: int
    name: str
    size: int
    state: str
    digest: str | None


@dataclass(frozen=True)
class ForgeRelease:
    """One forge release, draft or published; ``target`` is where a missing tag would be made.

    ``is_final`` says that nothing of it can be changed any more, not even by its owner.
    """

    id: int
    tag: str
    target: str
    name: str
    body: str
    draft: bool
    prerelease: bool
    url: str
    assets: tuple[Asset, ...]
    is_final: bool = False

    def find_asset(self, name: str) -> Asset | None:
        """Give the file of this name, whole or broken off."""
        return next((asset for asset in self.assets if asset.name == name), None)


class Forge(Protocol):
    """A forge that holds one repository.

    A question that was not answered raises `UnavailableError`, a plain refusal `BlockedError`; neither ever
    reads as "nothing there". Nothing that changes the forge is sent twice.
    """

    def find_pull_requests(self, head_branch: str) -> tuple[PullRequest, ...]:
        """Give every pull request from this branch of the repository, open or closed."""
        ...

    def open_pull_request(self, *, title: str, body: str, head: str, base: str) -> PullRequest:
        """Open a pull request from branch ``head`` to branch ``base``."""
        ...

    def add_labels(self, number: int, labels: Sequence[str]) -> None:
        """Put labels on a pull request."""
        ...

    def find_releases(self, tag: str) -> tuple[ForgeRelease, ...]:
        """Give every forge release for a tag, drafts too; raises when drafts are hidden from this token."""
        ...

    def list_releases(self) -> tuple[ForgeRelease, ...]:
        """Give every forge release that this token may see."""
        ...

    def read_release(self, release_id: int) -> ForgeRelease | None:
        """Give one forge release by its id, which shows what a lagging listing does not yet; None if gone."""
        ...

    def create_draft(self, *, tag: str, target: str, name: str, body: str, prerelease: bool) -> ForgeRelease:
        """Create a draft that nobody sees and that makes no tag."""
        ...

    def find_published(self, tag: str) -> ForgeRelease | None:
        """Give the forge release of a tag that everybody sees; a draft is none."""
        ...

    def upload_asset(self, release_id: int, path: Path, name: str = "") -> Asset:
        """Put a file into a forge release, under its own name or another one."""
        ...

    def read_asset(self, asset_id: int) -> bytes | None:
        """Give the bytes of a file of a forge release; None if it is gone."""
        ...

    def delete_asset(self, asset_id: int) -> None:
        """Take a file out of a forge release; one that is gone already is fine."""
        ...

    def publish_release(self, release_id: int, *, latest: bool) -> ForgeRelease:
        """Turn a draft into a published forge release."""
        ...

    def delete_release(self, release_id: int) -> None:
        """Delete a draft; one that is gone is fine, and one that anybody has published is refused."""
        ...

    def passed_checks(self, commit: str) -> frozenset[str]:
        """Name the checks that ended in success for a commit, and in nothing else."""
        ...

    def run_has_ended(self, run_id: str) -> bool | None:
        """Tell whether a CI run has ended; None where the forge cannot say: no such run, or hidden from us."""
        ...
