"""A range told apart while git walks is the range that git gives, or it says that it cannot tell."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from end_to_end.support import git
from shipway.changelog.frontier import DisorderError, cut_off
from shipway.changelog.history import FIELDS, Batch

Graph = list[tuple[int, ...]]
"""The parents of each commit, by their numbers: each is older."""


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    parents: Graph = [()]
    for number in range(1, draw(st.integers(1, 14))):
        found = draw(st.lists(st.integers(max(0, number - 4), number - 1), min_size=1, max_size=2, unique=True))
        parents.append(tuple(found))
    return parents


def ancestors(graph: Graph, *starts: int) -> set[int]:
    found: set[int] = set()
    waiting = list(starts)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += graph[number]
    return found


def name(number: int) -> bytes:
    return b"%010x" % number * 4


def walk(graph: Graph, dates: list[int], *starts: int) -> list[int]:
    """Walk as git does that is asked for no order: the newest first of what it knows."""
    queue, seen, walked = list(starts), set(starts), []
    while queue:
        number = max(queue, key=lambda one: dates[one])
        queue.remove(number)
        walked.append(number)
        queue += [one for one in graph[number] if one not in seen]
        seen.update(graph[number])
    return walked


def batches(graph: Graph, order: Iterable[int], size: int) -> list[Batch]:
    records = [(name(one), b" ".join(map(name, graph[one])), b"A", b"feat: x") for one in order]
    cut = [records[start : start + size] for start in range(0, len(records), size)]
    return [(b"", [field for record in batch for field in record]) for batch in cut]


@given(graphs(), st.data(), st.integers(1, 5))
@settings(max_examples=300)
def test_what_is_given_is_the_range_or_nothing_is(graph: Graph, data: st.DataObject, size: int) -> None:
    end, since = (data.draw(st.integers(0, len(graph) - 1)) for _ in range(2))
    in_order = data.draw(st.booleans())
    numbers = st.integers(0, 20)
    dates = (
        list(range(len(graph))) if in_order else data.draw(st.lists(numbers, min_size=len(graph), max_size=len(graph)))
    )
    expected = ancestors(graph, end) - ancestors(graph, since)
    order = walk(graph, dates, *{end, since})
    try:
        given_ = [one for _, fields in cut_off(batches(graph, order, size), name(since)) for one in fields[::FIELDS]]
    except DisorderError:
        assert not in_order
        return
    assert sorted(given_) == sorted(map(name, expected))


def test_it_stops_where_the_range_ends() -> None:
    graph: Graph = [(), *((number,) for number in range(99))]
    seen: list[int] = []

    def watched() -> Iterable[Batch]:
        for number in range(99, -1, -1):
            seen.append(number)
            yield from batches(graph, [number], 1)

    kept = [one for _, fields in cut_off(watched(), name(90)) for one in fields[::FIELDS]]
    assert kept == [name(number) for number in range(99, 90, -1)]
    assert seen[-1] == 91


def test_commits_with_wrong_dates_are_read_as_git_has_them(tmp_path: Path) -> None:
    from shipway.project.changelogs.contract import Span
    from shipway.project.changelogs.conventional import CommitChangelog
    from shipway.world.environment import Environment
    from shipway.world.git import Git
    from shipway.world.process import Processes

    def commit(message: str, day: int) -> None:
        git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", message, day=f"2026-01-{day:02}")

    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit("feat: base", 9)
    git(tmp_path, "branch", "side")
    commit("feat: released with a clock that was wrong", 2)
    since = git(tmp_path, "rev-parse", "HEAD")
    git(tmp_path, "switch", "--quiet", "side")
    commit("fix: side", 5)
    git(tmp_path, "merge", "--quiet", "--no-edit", "main")
    commit("docs: end", 8)
    changelog = CommitChangelog(Git(tmp_path, Processes(Environment())), "tests")
    content = changelog.content(Span(since, "HEAD"))
    assert (content.level, content.total) == ("patch", {"docs": 1, "merge": 1, "fix": 1})
