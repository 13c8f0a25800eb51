"""The claim: what is written is read again, and what does not fit together is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipway.release.claim import Claim, Owner, Phase, parse_claim, render_claim
from shipway.release.distributions import Distribution
from shipway.release.plan import Plan
from shipway.release.request import Request

PLAN = Plan(
    distribution="acme-widgets",
    previous="1.2.4",
    current="1.2.4",
    version="1.3.0",
    request=Request("minor"),
    tag="v1.3.0",
    base="b" * 40,
    branch="main",
    release_branch="release/1.3.0",
    flow="direct",
    forge="none",
    date="2026-01-02T03:04:05+00:00",
    notes="- Widgets turn.",
    files=("pyproject.toml",),
)
FILES = (Distribution("acme_widgets-1.3.0.tar.gz", "d" * 64, 7, "sdist"),)
OWNER = Owner("n" * 32, "A. Maintainer", "2026-01-02T03:04:05+00:00", "7", "https://forge.example/runs/7")
CLAIM = Claim(PLAN, "c" * 40, FILES, "claimed", OWNER)

PHASES: tuple[Phase, ...] = ("claimed", "publishing", "done")


@given(st.sampled_from(PHASES), st.text(), st.text(), st.text())
def test_a_claim_is_read_as_it_was_written(phase: Phase, nonce: str, actor: str, link: str) -> None:
    claim = replace(CLAIM, phase=phase, owner=replace(OWNER, nonce=nonce, actor=actor, link=link))
    assert parse_claim(render_claim(claim), PLAN) == claim


def test_a_claim_gives_the_right_to_its_own_candidate_whatever_becomes_of_it() -> None:
    moved = CLAIM.moved_to("done").handed_to(replace(OWNER, nonce="m" * 32))
    assert moved.candidate == CLAIM.candidate
    assert (moved.is_done, CLAIM.is_done) == (True, False)
    assert moved.owner.nonce == "m" * 32


def test_an_owner_is_named_with_the_run_where_people_can_look() -> None:
    assert str(OWNER) == "A. Maintainer (https://forge.example/runs/7) since 2026-01-02T03:04:05+00:00"
    assert replace(OWNER, link="").who == "A. Maintainer"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": 2}, "not a claim of schema 1"),
        ({"plan": "0" * 64}, "names another plan"),
        ({"phase": "asleep"}, "has no phase 'asleep'"),
        ({"distributions": [{"name": "x"}]}, "not a claim"),
        ({"distributions": 7}, "not a claim"),
        ({"owner": "me"}, "not a claim"),
        ({"owner": {"shoe": "12"}}, "not a claim"),
        ({"commit": None}, "names no commit"),
        ({"commit": "--upload-pack=mischief"}, "names no commit"),
        ({"distributions": []}, "names no distribution"),
        ({"distributions": [{"name": "../x", "digest": "d", "size": 1, "kind": "sdist"}]}, "not a file name"),
    ],
)
def test_what_does_not_fit_together_is_no_claim(change: dict[str, object], said: str) -> None:
    fields = json.loads(render_claim(CLAIM)) | change
    with pytest.raises(ValueError, match=said):
        parse_claim(json.dumps(fields), PLAN)
