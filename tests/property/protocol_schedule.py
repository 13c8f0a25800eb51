"""Schedules for the protocol's model: who goes on, who is killed, what people do; and what has to be there at last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from property.protocol_flows import abandon, release
from property.protocol_model import Access, Disk, Flaw, Run
from property.protocol_world import ASSETS, FILES, RefusedError, World, has_release

LONGEST = 56
"""Accesses in one go, at most: more than a whole release takes."""
TO_ITS_END = 10_000
ABANDON = "abandon"


@dataclass(frozen=True)
class Go:
    """A run goes on for some accesses; where none lives, one is started first, here or in a fresh clone.

    ``until`` names an access: as soon as it is the next one, the run has gone far enough.
    """

    who: str
    accesses: int = TO_ITS_END
    resume: bool = False
    fresh: bool = False
    until: str = ""


@dataclass(frozen=True)
class Kill:
    """A run dies where it is."""

    who: str


@dataclass(frozen=True)
class Merge:
    """A person merges the pull request, if one is open; ``tidy``: the forge deletes its branch."""

    squash: bool = False
    tidy: bool = False


@dataclass(frozen=True)
class Move:
    """Somebody else pushes a change to main."""


@dataclass(frozen=True)
class Lag:
    """From now on, what is new on the forge is missing from this many listings."""

    listings: int


Event = Go | Kill | Merge | Move | Lag

RUNS = st.sampled_from("AB")
ACCESSES = st.one_of(st.integers(1, LONGEST), st.integers(3, 14), st.integers(1, 6))
RARELY = st.sampled_from([False, False, False, True])
MOSTLY = st.sampled_from([True, True, False])
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Go, RUNS, ACCESSES, MOSTLY, RARELY),
    st.builds(Go, RUNS, ACCESSES, MOSTLY, RARELY),
    st.builds(Kill, RUNS),
    st.builds(Go, st.just(ABANDON), st.integers(1, 5)),
    st.one_of(st.builds(Merge, st.booleans(), st.booleans()), st.builds(Move), st.builds(Lag, st.integers(0, 6))),
)
SCHEDULES = st.lists(EVENTS, min_size=1, max_size=10)


@dataclass
class Play:
    """A world and its runs: A and B, each with a work tree of its own, and whoever abandons."""

    requests: dict[str, str] = field(default_factory=dict)
    flow: str = "publish-first"
    flaw: Flaw | None = None
    world: World = field(default_factory=World)
    disks: dict[str, Disk] = field(default_factory=dict)
    living: dict[str, Access[str]] = field(default_factory=dict)
    ends: list[tuple[str, str]] = field(default_factory=list)
    """Who ended, and how, in the order of events."""

    def play(self, events: Sequence[Event]) -> None:
        """Let everything happen, and everybody come to an end."""
        for event in events:
            self.happen(event)
        for who in list(self.living):
            self.go(Go(who))

    def happen(self, event: Event) -> list[str]:
        """Let one event happen; give what a run accessed in it."""
        match event:
            case Go():
                return self.go(event)
            case Kill(who):
                self.living.pop(who, None)
            case Merge(squash, tidy):
                self.world.merge(squash=squash, tidy=tidy)
            case Move():
                self.world.move_main()
            case Lag(listings):
                self.world.lag = listings
        return []

    def go(self, event: Go) -> list[str]:
        """Let a run go on; give the accesses that it came to. Before the last of them it has stopped, or it ended."""
        seen: list[str] = []
        accesses = event.accesses
        if event.who not in self.living:
            self._start(event)
            accesses += 1
        for _ in range(accesses):
            seen += self._advance(event.who)
            if event.who not in self.living or seen[-1] == event.until:
                break
        return seen

    def _start(self, event: Go) -> None:
        who = event.who
        if event.fresh or who not in self.disks:
            self.disks[who] = Disk(self.world.main)
        number, request = next(self.world.numbers), self.requests.get(who, "minor")
        nonce = f"nonce {number}"
        run = Run(self.world, self.disks[who], number, nonce, request, event.resume, self.flow, self.flaw)
        self.living[who] = abandon(run) if who == ABANDON else release(run)

    def _advance(self, who: str) -> list[str]:
        try:
            return [next(self.living[who])]
        except StopIteration as end:
            how = str(end.value)
        except RefusedError as error:
            how = error.code
        del self.living[who]
        self.ends.append((who, how))
        return []

    # --- the end ----------------------------------------------------------------------------------

    def conclude(self, *, fresh: bool = False, strict: bool = False) -> None:
        """Run once more, with ``--resume``, after some time: that ends well, and everything is there, once.

        It runs in a fresh clone, or in A's, unless that would have to be pulled first. Unless it is strict, a
        second pull request is excused.
        """
        self.world.pass_time()
        held, main = self.world.register, self.world.main
        self.requests["last"] = held.claim.candidate.plan.request if held else "minor"
        there = self.disks.get("A", Disk(main))
        plans = held is None or (held.claim.phase == "done" and has_release(there.head))
        self.disks["last"] = Disk(main) if fresh or (plans and there.head != main) else there
        self.go(Go("last", resume=True))
        if not strict:
            self._excuse()
        self._require_end(self.ends[-1][1])

    def _excuse(self) -> None:
        """Forget a second pull request: see `property.protocol_traces.LIMITS`."""
        world = self.world
        if {pull.state for pull in world.pulls} >= {"merged", "open"}:
            world.pulls = [pull for pull in world.pulls if pull.state != "open"]
            world.branches.clear()

    def _require_end(self, how: str) -> None:
        world = self.world
        assert how in ("done", "released"), f"the last run ended {how}"
        assert world.register is not None, "nothing was ever claimed"
        candidate, phase = world.register.claim.candidate, world.register.claim.phase
        version, commit = candidate.plan.version, candidate.commit
        assert phase == "done", f"the register says {phase}"
        assert world.files == {(version, name): candidate.build for name in FILES}, "not one set on the index"
        assert world.tags == {version: commit}, "not one tag"
        assert not world.taken_back, "a published forge release was deleted"
        found = [(release.version, release.draft, release.assets) for release in world.releases]
        assert found == [(version, False, dict.fromkeys(ASSETS, candidate.build))], f"not one forge release: {found}"
        pulls = [pull for pull in world.pulls if pull.state != "closed"]
        if self.flow == "publish-first":
            assert [pull.commit for pull in pulls] == [commit], f"not one pull request: {pulls}"
        else:
            assert commit in world.main, "main lacks the release"
        needed = [pull.version for pull in pulls if pull.state == "open"]
        assert list(world.branches) == needed, "a branch is left"
