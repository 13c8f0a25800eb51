"""Evidence survives the way to a file and back, whatever people wrote into it, and whatever somebody made of it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipway.release import evidence as module
from shipway.release.candidate import Candidate
from shipway.release.distributions import Distribution
from shipway.release.evidence import (
    BuildBackend,
    ClaimFacts,
    Evidence,
    Gate,
    Previous,
    PullRequestFacts,
    StepFacts,
    Tool,
    Unknown,
    differences,
    notes_digest,
    parse_evidence,
    pin_command,
    render_evidence,
    without_places,
)
from shipway.release.plan import Plan
from shipway.release.request import Request

SCHEMA = json.loads(Path(module.__file__).with_name("evidence.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
NULLABLE = ("claim", "gates", "checks", "tools", "backend")

texts = st.text(max_size=20) | st.sampled_from(
    ["\ud800", "</script>", "::error::", "\x1b[2J", "`$(id)`", "'\"\\", "\u2028"]
)
commits = st.text("0123456789abcdef", min_size=40, max_size=40)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
names = st.builds("{}{}{}".format, st.sampled_from("aZ9"), st.text("bC0._-", max_size=5), st.sampled_from("xY1"))
versions = st.builds(
    "{}.{}{}".format, st.integers(0, 99), st.integers(0, 99), st.sampled_from(["", "rc1", ".dev3", ".post2"])
)
moments = st.datetimes().map(lambda moment: f"{moment.replace(microsecond=0).isoformat()}+00:00")
links = st.builds(
    "http{}://h{}".format,
    st.sampled_from(["", "s"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=9),
)
files = st.lists(
    st.builds(
        Distribution,
        st.builds("{}{}".format, st.sampled_from("aZ9"), st.text("bC0._+!-", max_size=9)),
        digests,
        st.integers(1, 2**53),
        st.sampled_from(["sdist", "wheel"]),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda file: file.name,
).map(tuple)


def many(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Give a few of something, as evidence holds them."""
    return st.lists(one, max_size=3).map(tuple)


seconds = st.floats(0, 1e9, allow_nan=False)
steps = st.builds(StepFacts, moments, texts, texts, st.sampled_from(["act", "end"]), texts, texts, seconds)
pulls = st.builds(PullRequestFacts, st.integers(1, 99), links, st.sampled_from(["open", "merged", "closed"]))


@st.composite
def documents(draw: st.DrawFn) -> Evidence:
    """Give evidence of anything that can be released."""
    distribution, version, previous = draw(names), draw(versions), draw(st.none() | versions)
    plan = Plan(
        distribution, previous, "1", version, Request("minor"), draw(texts), draw(commits), draw(texts), "", "", "",
        draw(moments), draw(texts), (),
    )  # fmt: skip
    claims = st.builds(ClaimFacts, texts, commits, st.booleans(), texts, moments, texts, st.just("") | links)
    facts: dict[str, Any] = {
        "claim": draw(st.none() | claims),
        "gates": draw(st.none() | many(st.builds(Gate, texts, texts))),
        "checks": draw(st.none() | many(texts)),
        "tools": draw(st.none() | many(st.builds(Tool, texts, texts))),
        "backend": draw(st.none() | st.builds(BuildBackend, texts, many(texts))),
    }
    return Evidence(
        distribution=distribution,
        version=version,
        tag=plan.tag or "v1",
        base=plan.base,
        commit=draw(commits),
        tree=draw(commits),
        branch=plan.branch,
        flow=draw(texts),
        request=draw(st.builds(Request, texts, st.none() | texts)),
        plan=plan.digest(),
        date=plan.date,
        notes=notes_digest(plan.notes),
        distributions=draw(files),
        pull_request=draw(st.none() | pulls),
        steps=draw(many(steps)),
        previous=Previous(previous, pin_command(distribution, previous)) if previous else None,
        unknown=tuple(Unknown(name, draw(texts)) for name in NULLABLE if facts[name] is None),
        **facts,
    )


@settings(max_examples=40)
@given(documents())
def test_evidence_comes_back_as_it_was_and_fits_the_schema(evidence: Evidence) -> None:
    text = render_evidence(evidence)
    assert parse_evidence(text) == evidence
    assert render_evidence(parse_evidence(text)) == text
    assert VALIDATOR.is_valid(json.loads(text))
    assert text.isprintable() or set(text) <= {*map(chr, range(32, 127)), "\n"}


leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))


@settings(max_examples=40)
@given(documents(), st.sampled_from([field.name for field in fields(Evidence)]), values)
def test_whatever_is_read_as_evidence_fits_the_schema(evidence: Evidence, name: str, value: object) -> None:
    spoilt = {**json.loads(render_evidence(evidence)), name: value}
    with suppress(ValueError):
        found = parse_evidence(json.dumps(spoilt))
        assert VALIDATOR.is_valid(json.loads(render_evidence(found)))


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_no_text_by_chance_is_evidence(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        parse_evidence(text)


@settings(max_examples=40)
@given(documents(), documents())
def test_evidence_agrees_with_its_own_candidate_alone(one: Evidence, other: Evidence) -> None:
    plan = Plan(
        one.distribution, None, "1", one.version, one.request, one.tag, one.base, "", "", "", "", one.date, "", ()
    )
    candidate = Candidate(plan, one.commit, one.distributions)
    assert differences(one, candidate) == []
    assert (differences(other, candidate) == []) == (
        (other.distribution, other.version, other.tag, other.commit, {*other.distributions})
        == (one.distribution, one.version, one.tag, one.commit, {*one.distributions})
    )


@given(texts, texts)
def test_a_pin_is_refused_or_is_one_quoted_word(name: str, version: str) -> None:
    try:
        command = pin_command(name, version)
    except ValueError:
        return
    head, word, tail = command.split("'")
    assert (head, tail) == ("pip install ", "")
    assert "==" in word


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=2, max_size=6), texts)
def test_no_folder_above_a_file_is_told(parts: list[str], around: str) -> None:
    told = without_places(f"at /{'/'.join(parts)}: {around}", "/home/ada/acme")
    assert told.startswith(f"at .../{parts[-1]}: ")


@given(texts)
def test_any_text_can_be_freed_of_places(text: str) -> None:
    assert without_places(without_places(text, "/r"), "/r") == without_places(text, "/r")
