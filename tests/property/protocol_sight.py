"""What others see, of the model's world and of the real one, in the same words: whose claim, commits and bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from end_to_end.support import git
from property.protocol_model import Disk
from property.protocol_real import RealPlay
from property.protocol_schedule import Play
from property.protocol_world import VERSIONS, Candidate, Plan, Tip
from shipway.rehearsal.forge.state import Asset, Release
from shipway.release.distributions import kind_of

REGISTER = "refs/shipway/acme-widgets/main"
Sight = dict[str, object]


@dataclass
class Owners:
    """Nonces by the order in which they appeared, which is the same on both sides."""

    known: dict[str, int] = field(default_factory=dict)

    def number(self, nonce: str) -> int:
        """Give the number of a nonce."""
        return self.known.setdefault(nonce, len(self.known))


# --- the model ------------------------------------------------------------------------------------


def prepare(play: Play, who: str) -> None:
    """Give a run of the model a work tree in which its candidate is made already."""
    world = play.world
    plan = Plan(play.requests.get(who, "minor"), world.main, None, next(world.numbers))
    play.disks[who] = Disk(world.main, plan=plan, candidate=Candidate(plan, next(world.numbers)))


def see_model(play: Play, makers: Mapping[str | int, str], owners: Owners) -> Sight:
    """Tell what others see of the model; ``makers`` are those of commits and builds."""
    world = play.world
    return {
        "register": _see_tip(world.register, makers, owners),
        "branches": {version: makers[commit] for version, commit in world.branches.items()},
        "tags": {version: makers[commit] for version, commit in world.tags.items()},
        "main": len(world.main),
        "files": {key: makers[build] for key, build in world.files.items()},
        "pulls": [(pull.version, makers[pull.commit], pull.state, pull.labelled) for pull in world.pulls],
        "releases": [
            (release.version, release.draft, {name: makers[build] for name, build in release.assets.items()})
            for release in world.releases
        ],
    }


def _see_tip(tip: Tip | None, makers: Mapping[str | int, str], owners: Owners) -> object:
    if tip is None:
        return None
    claim = tip.claim
    whose = makers[claim.candidate.commit], makers[claim.candidate.build]
    return claim.phase, owners.number(claim.nonce), whose, tip.before is not None


def makers_of(play: Play) -> dict[str | int, str]:
    """Name who made each commit and each build, as long as all of them were prepared."""
    prepared = {who: disk.candidate for who, disk in play.disks.items() if disk.candidate is not None}
    commits: dict[str | int, str] = {candidate.commit: who for who, candidate in prepared.items()}
    return commits | {candidate.build: who for who, candidate in prepared.items()}


# --- the real one ---------------------------------------------------------------------------------


def see_real(play: RealPlay, owners: Owners) -> Sight:
    """Tell what others see of the stage."""
    world, makers = play.world, play.makers
    repository = world.stage.forge.repository()
    refs = world.remote_refs()
    peeled = {ref: git(world.bare, "rev-parse", f"{ref}^{{commit}}") for ref in refs if ref.startswith("refs/tags/")}
    return {
        "register": _see_register(play, refs.get(REGISTER), owners),
        "branches": {v: makers[refs[ref]] for v in VERSIONS.values() if (ref := f"refs/heads/release/{v}") in refs},
        "tags": {v: makers[peeled[ref]] for v in VERSIONS.values() if (ref := f"refs/tags/v{v}") in peeled},
        "main": int(git(world.bare, "rev-list", "--count", "--first-parent", "refs/heads/main")),
        "files": {(file.version, kind_of(file.name)): makers[file.digest] for file in world.stage.index.files},
        "pulls": [
            (
                pull.head_branch.removeprefix("release/"),
                makers[pull.head_commit],
                "merged" if pull.merged else pull.state,
                pull.labels == ["release"],
            )
            for pull in repository.pulls
        ],
        "releases": [_see_release(play, release) for release in repository.releases],
    }


def _see_register(play: RealPlay, tip: str | None, owners: Owners) -> object:
    if tip is None:
        return None
    claim = json.loads(git(play.world.bare, "show", f"{tip}:claim.json"))
    _, *before = git(play.world.bare, "show", "--no-patch", "--format=%P", tip).split()
    [built] = {play.makers[file["digest"]] for file in claim["distributions"]}
    whose = play.makers[claim["commit"]], built
    return claim["phase"], owners.number(claim["owner"]["nonce"]), whose, bool(before)


def _see_release(play: RealPlay, release: Release) -> object:
    assets = {_name(asset): _made_by(play, asset) for asset in release.assets}
    return release.tag.removeprefix("v"), release.draft, assets


def _name(asset: Asset) -> str:
    return kind_of(asset.name) or "evidence"


def _made_by(play: RealPlay, asset: Asset) -> str:
    if kind_of(asset.name):
        return play.makers[sha256(asset.content).hexdigest()]
    [built] = {play.makers[file["digest"]] for file in json.loads(asset.content)["distributions"]}
    return built
