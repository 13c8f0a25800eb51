"""A settlement in this process: a real stage, a candidate made by hand, and the steps that settle it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from end_to_end.support import PYPROJECT, World, git, make_project, open_world
from shipway.commands.workplace import Workplace, open_workplace
from shipway.engine import Engine
from shipway.flows import settlement_steps
from shipway.release.candidate import Candidate
from shipway.release.distributions import Distribution
from shipway.release.journal import Entry
from shipway.release.plan import Plan
from shipway.release.request import Request
from shipway.release.states import State
from shipway.steps.contract import Settlement, Step
from shipway.world.environment import Environment
from world.index_support import make_sdist, make_wheel


@dataclass
class Scene:
    """One candidate on a stage, and its steps."""

    world: World
    settlement: Settlement
    told: list[Entry] = field(default_factory=list)

    @property
    def steps(self) -> dict[str, Step]:
        """The steps of the flow, fresh as in another run, by name."""
        return {step.name: step for step in settlement_steps(self.settlement)}

    @property
    def engine(self) -> Engine:
        """The engine, as a command would have it."""
        return Engine(self.settlement.doors.clock, self.told.append, "nox -s release -- minor")

    def settle(self, *names: str) -> list[State]:
        """Settle these steps (all, if none is named) and give their states."""
        steps = self.steps
        return [state for _, state in self.engine.settle([steps[name] for name in names or steps])]

    def observe(self, name: str) -> State:
        """Look at one step as the engine does."""
        return self.engine.look([self.steps[name]])[0][1]

    @property
    def commit(self) -> str:
        """The release commit."""
        return self.settlement.candidate.commit


@contextmanager
def open_scene(
    folder: Path, *, flow: str = "publish-first", forge: bool = True, version: str = "1.3.0", **settings: str
) -> Iterator[Scene]:
    """Make a project, a stage and a candidate: its commit by git, its distributions by hand."""
    with open_world(make_project(folder / "acme"), flow=flow, forge=forge, **settings) as world:
        place = open_workplace(world.clone, Environment(world.variables))
        base = git(world.clone, "rev-parse", "HEAD")
        candidate = Candidate(
            _plan(base, flow, version, forge), _commit(world.clone, version), _distributions(place, version)
        )
        yield Scene(world, Settlement(candidate, place.configuration, place.handover, place.doors, place.handover.dist))


def _plan(base: str, flow: str, version: str, forge: bool) -> Plan:
    return Plan(
        distribution="acme-widgets",
        previous="1.2.4",
        current="1.2.4",
        version=version,
        request=Request("minor"),
        tag=f"v{version}",
        base=base,
        branch="main",
        release_branch=f"release/{version}",
        flow=flow,
        forge="github" if forge else "none",
        date="2026-01-02T03:04:05+00:00",
        notes="### Features\n\n- Widgets turn. (#7)",
        files=("pyproject.toml",),
    )


def _commit(clone: Path, version: str) -> str:
    """Make the release commit on no branch, as the bump does."""
    (clone / "pyproject.toml").write_text(PYPROJECT.replace("1.2.4", version), encoding="utf-8")
    git(clone, "add", "--all")
    tree = git(clone, "write-tree")
    commit = git(clone, "commit-tree", tree, "-p", "HEAD", "-m", f"Release acme-widgets {version}")
    git(clone, "reset", "--quiet", "--hard")
    return commit


def _distributions(place: Workplace, version: str) -> tuple[Distribution, ...]:
    dist = place.handover.write("dist/.keep", "").parent
    (dist / ".keep").unlink()
    made = [make_sdist(dist, version=version), make_wheel(dist, version=version)]
    kinds = ("sdist", "wheel")
    return tuple(
        Distribution(path.name, sha256(path.read_bytes()).hexdigest(), path.stat().st_size, kind)  # type: ignore[arg-type]
        for path, kind in zip(made, kinds, strict=True)
    )


def move_main(scene: Scene, name: str = "other.txt", text: str = "Meanwhile.\n") -> str:
    """Have somebody else push a commit to main meanwhile; give it."""
    clone = scene.world.clone
    (clone / name).write_text(text, encoding="utf-8")
    git(clone, "add", "--all")
    tree = git(clone, "write-tree")
    commit = git(clone, "commit-tree", tree, "-p", "HEAD", "-m", "Meanwhile")
    git(clone, "reset", "--quiet", "--hard")
    git(clone, "push", "--quiet", str(scene.world.bare), f"{commit}:refs/heads/main")
    return commit


__all__ = ["Scene", "git", "move_main", "open_scene"]
