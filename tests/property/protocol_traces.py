"""Traces that were written down: a sample of what can happen to the protocol, for the model and for the real one."""

from __future__ import annotations

from property.protocol_schedule import ABANDON, Event, Go, Kill, Lag, Merge, Move

TRACES: dict[str, list[Event]] = {
    "killed before the claim's push, and after it": [
        Go("A", until="push"),
        Kill("A"),
        Go("A", until="push"),
        Go("A", 1),
        Kill("A"),
        Go("B"),
        Go("A"),
    ],
    "killed between two files, and another clone goes on": [
        Go("A", until="upload"),
        Go("A", 1),
        Kill("A"),
        Move(),
        Go("B"),
        Go("B", resume=True, fresh=True),
        Go("A"),
    ],
    "two runs upload the same set at once": [
        Go("A", until="upload"),
        Go("B", until="upload", resume=True),
        Go("A", 1),
        Go("B"),
        Go("A"),
    ],
    "abandoned before publishing is written": [
        Go("A", until="push"),
        Go("A", until="register"),
        Go("A", until="push"),
        Go(ABANDON),
        Go("A"),
        Go("A"),
    ],
    "abandoned too late": [
        Go("A", until="push"),
        Go("A", until="register"),
        Go("A", until="push"),
        Go(ABANDON, until="push"),
        Go("A", 1),
        Go(ABANDON),
        Go("A"),
    ],
    "merged and its branch deleted, and a fresh clone goes on": [
        Go("A", until="label"),
        Go("A", 1),
        Merge(squash=True, tidy=True),
        Kill("A"),
        Go("B", resume=True, fresh=True),
        Go("A"),
    ],
    "a draft whose id nobody was told, while listings lag": [Lag(3), Go("A", until="drafted"), Kill("A"), Go("A")],
    "two runs fill one draft": [
        Go("A", until="asset"),
        Go("B", until="asset", resume=True),
        Go("A", 1),
        Go("B"),
        Go("A"),
        Go("B", resume=True),
    ],
    "merged while it closes": [Go("A", until="publish"), Go("A", until="pulls"), Go("A", 1), Merge(), Go("A"), Go("A")],
    "merged and released, and a fresh clone goes on": [Go("A"), Merge(), Go("B", resume=True, fresh=True)],
    "a draft that the listing did not show": [
        Lag(3),
        Go("A", until="drafted"),
        Kill("A"),
        Go("B", resume=True),
        Go("A"),
    ],
    "a draft of a run that was taken over": [Go("A", until="draft"), Go("B", resume=True), Go("A"), Go("A")],
    "a pull request of a run that was taken over": [
        Go("A", until="open"),
        Go("B", until="label", resume=True),
        Go("B", 1),
        Merge(squash=True, tidy=True),
        Go("B"),
        Go("A"),
        Go("A"),
    ],
    "two drafts, and the other one is published while they are cleared up": [
        Go("A", until="draft"),
        Go("B", until="draft", resume=True),
        Go("A", 1),
        Go("B", until="asset"),
        Go("B", 1),
        Kill("B"),
        Go("B", until="delete"),
        Go("A"),
        Go("B"),
    ],
    "a merged pull request that the listing does not show": [
        Go("A", until="open"),
        Lag(3),
        Go("B", until="label", resume=True),
        Go("B", 1),
        Merge(squash=True, tidy=True),
        Go("A"),
        Go("B"),
        Go("A"),
    ],
}
"""Publish-first; both runs have planned and built when it begins, each for itself."""

DIRECT: list[Event] = [
    Go("A", until="upload"),
    Go("A", until="push"),
    Kill("A"),
    Move(),
    Go("B", until="push", resume=True),
    Go("B", until="push"),
    Go("B", 1),
    Kill("B"),
    Go("A", resume=True),
    Go("B"),
]
MINOR_AND_PATCH: list[Event] = [
    Go("A", until="push"),
    Go("B", until="push"),
    Go("A", until="upload"),
    Go("B"),
    Go("B"),
    Go("B", resume=True),
    Go("A"),
    Go("B"),
]
"""A asks for minor, B for patch; B's claim comes too late."""

LIMITS: dict[str, list[Event]] = {
    "merged by squash while a run that was taken over opens a pull request": [
        Go("A", until="open"),
        Go("B", until="label", resume=True),
        Go("B", 1),
        Merge(squash=True),
        Go("A"),
        Go("B"),
        Go("A"),
    ]
}
"""What leaves a second pull request open beside the merged one, which a person closes.

No forge opens a pull request only if a register holds something: a run that stalls just before it asks may be taken
over, and its pull request merged, meanwhile. While the branch is there nothing tells it so; and a squash leaves the
branch with something that main does not have.
"""
