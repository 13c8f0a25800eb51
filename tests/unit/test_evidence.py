"""Evidence as a document: one form, read strictly, described by a schema that anybody can use."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints

import jsonschema  # type: ignore[import-untyped]
import pytest

from shipway.release import evidence as module
from shipway.release.evidence import (
    Evidence,
    Unknown,
    differences,
    evidence_name,
    notes_digest,
    parse_evidence,
    pin_command,
    render_evidence,
    without_places,
)
from shipway.release.journal import Entry, parse_entries, render_entry
from unit.evidence_support import CANDIDATE, EVIDENCE, FILES, TIME

SCHEMA = json.loads(Path(module.__file__).with_name("evidence.schema.json").read_text(encoding="utf-8"))
Document = dict[str, Any]


def document() -> Document:
    """Give the evidence as JSON, to be spoilt."""
    made: Document = json.loads(render_evidence(EVIDENCE))
    return made


def fits(text: str) -> bool:
    """Hold a document against the schema, with its formats."""
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    return bool(validator.is_valid(json.loads(text)))


def test_what_was_written_is_read_back_and_written_the_same_again() -> None:
    text = render_evidence(EVIDENCE)
    assert parse_evidence(text) == EVIDENCE
    assert render_evidence(parse_evidence(text)) == text
    assert text.isascii()


def test_a_document_fits_the_schema_with_everything_and_with_nothing_known() -> None:
    names = ("claim", "gates", "checks", "tools", "backend")
    unknown = tuple(Unknown(name, "nobody said") for name in names)
    nothing: Document = dict.fromkeys((*names, "pull_request", "previous"))
    bare = replace(EVIDENCE, **nothing, steps=(), unknown=unknown)
    for evidence in (EVIDENCE, bare):
        assert fits(render_evidence(evidence))
        assert parse_evidence(render_evidence(evidence)) == evidence


def types_of(kind: object) -> Iterator[type]:
    """Give a dataclass and every other one that its fields are made of."""
    for part in get_args(kind) if get_args(kind) or isinstance(kind, UnionType) else (kind,):
        if is_dataclass(part) and isinstance(part, type):
            yield part
            for hint in get_type_hints(part).values():
                yield from types_of(hint)
        elif get_args(part):
            yield from types_of(part)


def objects_in(schema: object) -> Iterator[Document]:
    """Give every description of an object in a schema."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for value in schema.values():
            yield from objects_in(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects_in(value)


def test_the_schema_names_every_field_and_no_other() -> None:
    described = {frozenset(item["properties"]) for item in objects_in(SCHEMA)}
    assert described == {frozenset(field.name for field in fields(kind)) for kind in types_of(Evidence)}
    assert len(described) == 11
    for item in objects_in(SCHEMA):
        assert sorted(item["properties"]) == item["required"]
        assert item["additionalProperties"] is False


def test_the_schema_says_of_every_field_what_it_is() -> None:
    described = [prop for item in objects_in(SCHEMA) for prop in item["properties"].values()]
    assert all("description" in prop or "description" in prop["anyOf"][0] for prop in described)


# --- spoilt documents -----------------------------------------------------------------------------


def put(*path: str | int, value: object) -> Callable[[Document], None]:
    """Give what sets one field of a document."""

    def change(spoilt: Document) -> None:
        place: Any = spoilt
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


SPOILT: list[tuple[Callable[[Document], Any], str]] = [
    (put("schema", value="shipway-evidence/2"), r"evidence.schema is none of shipway-evidence/1"),
    (put("schema", value=1), "schema"),
    (put("more", value=1), "has 'more', which this version of Shipway does not know"),
    (put("claim", "nonce", value="x"), "evidence.claim has 'nonce'"),
    (lambda d: d.pop("tree"), "evidence lacks tree"),
    (lambda d: d["distributions"][0].pop("size"), r"evidence.distributions\[0\] lacks size"),
    (put("version", value=None), "evidence.version is no text"),
    (put("version", value="1.3.0 or so"), "'1.3.0 or so' is no version"),
    (put("version", value="v1.3.0"), "version v1.3.0 is not spelt as PEP 440 wants it"),
    (put("distribution", value="acme widgets"), "'acme widgets' is no name"),
    (put("commit", value="abc"), "commit is no id of a git object"),
    (put("base", value="A" * 40), "base is no id"),
    (put("notes", value="x"), "notes is no SHA-256"),
    (put("date", value="yesterday"), "date is no moment in UTC"),
    (put("date", value="2026-01-02T03:04:05"), "date is no moment in UTC"),
    (put("date", value="2026-01-02 03:04:05+00:00"), "date is no moment in UTC"),
    (put("date", value="2026-13-02T03:04:05+00:00"), "date is no moment in UTC"),
    (put("date", value="2026-01-02T03:04:05+02:00"), "date is no moment in UTC"),
    (put("steps", 0, "time", value=""), r"steps\[0\].time is no moment in UTC"),
    (put("steps", 0, "what", value="begin"), r"steps\[0\].what is none of act, end"),
    (put("steps", 0, "seconds", value=True), r"steps\[0\].seconds is no number"),
    (put("steps", value={}), "evidence.steps is no list"),
    (put("distributions", value=[]), "distributions is empty: nothing was released"),
    (put("distributions", 0, "name", value="../../etc/passwd"), "is no name of a distribution's file"),
    (put("distributions", 0, "name", value=FILES[1].name), "stands twice in distributions"),
    (put("distributions", 0, "digest", value="1" * 63), "has a digest that is no SHA-256"),
    (put("distributions", 0, "size", value=0), "has no size"),
    (put("distributions", 0, "size", value=True), "size is no whole number"),
    (put("distributions", 0, "size", value=1.5), "size is no whole number"),
    (put("distributions", 0, "kind", value="egg"), "kind is none of sdist, wheel"),
    (put("claim", "commit", value=""), "claim.commit is no id"),
    (put("claim", "agrees", value=1), "agrees is no yes or no"),
    (put("claim", "since", value="now"), "claim.since is no moment"),
    (put("claim", "link", value="javascript:alert(1)"), "is no address"),
    (put("pull_request", "url", value="https://x y"), "is no address"),
    (put("pull_request", "state", value="draft"), "state is none of open, merged, closed"),
    (put("previous", "pin", value="pip install evil"), "previous.pin is not the command"),
    (put("previous", "version", value="1.2.3"), "previous.pin is not the command"),
    (put("previous", "version", value="';rm"), "is no version"),
    (put("gates", value=None), "gates is null, and unknown does not say why"),
    (put("claim", value=None), "claim is null, and unknown does not say why"),
    (put("unknown", value=["x"]), r"unknown\[0\] is no JSON object"),
    (put("request", value="minor"), "request is no JSON object"),
]


@pytest.mark.parametrize(("spoil", "words"), SPOILT)
def test_a_spoilt_document_is_refused_with_what_is_wrong(spoil: Callable[[Document], Any], words: str) -> None:
    spoilt = document()
    spoil(spoilt)
    with pytest.raises(ValueError, match=words):
        parse_evidence(json.dumps(spoilt))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Expecting value"),
        ("[]", "evidence is no JSON object"),
        ("null", "evidence is no JSON object"),
        ('{"a": 1, "a": 2}', "'a' stands there twice"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": Infinity}', "Infinity is no number"),
        ("[" * 100_000, "nested too deeply|Expecting"),
        ('{"a": ' + "9" * 5000 + "}", "."),
    ],
)
def test_what_is_no_document_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_evidence(text)


# --- subjects -------------------------------------------------------------------------------------


def test_evidence_of_a_candidate_agrees_with_it() -> None:
    assert differences(EVIDENCE, CANDIDATE) == []
    assert differences(replace(EVIDENCE, distributions=FILES[::-1], steps=(), gates=()), CANDIDATE) == []
    assert differences(replace(EVIDENCE, distribution="Acme.Widgets"), CANDIDATE) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("distribution", "acme-gadgets"),
        ("version", "1.3.1"),
        ("tag", "1.3.0"),
        ("commit", "0" * 40),
        ("distributions", FILES[:1]),
        ("distributions", (FILES[0], replace(FILES[1], digest="0" * 64))),
        ("distributions", (FILES[0], replace(FILES[1], size=1))),
    ],
)
def test_each_subject_that_differs_is_named(name: str, value: object) -> None:
    other: Document = {name: value}
    assert differences(replace(EVIDENCE, **other), CANDIDATE) == [name]


# --- names, commands, digests ---------------------------------------------------------------------


def test_the_evidence_is_named_after_the_distribution_as_its_files_are() -> None:
    assert evidence_name("Acme.Widgets", "1.3.0") == "acme_widgets-1.3.0.evidence.json"
    assert evidence_name("acme", "1!2.0+local.1") == "acme-1-2.0+local.1.evidence.json"


def test_the_command_that_pins_the_previous_version_is_one_that_a_shell_reads_as_it_is_meant() -> None:
    assert pin_command("acme-widgets", "1.2.4") == "pip install 'acme-widgets==1.2.4'"
    assert shlex.split(pin_command("Acme_Widgets", "1!2.0rc1")) == ["pip", "install", "acme-widgets==1!2.0rc1"]


@pytest.mark.parametrize(
    ("name", "version"), [("a'b", "1"), ("a b", "1"), ("", "1"), ("-r", "1"), ("a", "1'; rm -r /")]
)
def test_a_name_or_version_that_would_mean_something_to_a_shell_is_refused(name: str, version: str) -> None:
    with pytest.raises(ValueError, match="is no "):
        pin_command(name, version)


def test_notes_have_one_digest_whatever_line_ends_a_forge_gives_them() -> None:
    notes = "### Features\n\n- One.\n- Two."
    assert {notes_digest(text) for text in (notes, notes.replace("\n", "\r\n"), f"\n{notes}  \n\n")} == {
        notes_digest(notes)
    }
    assert notes_digest(notes) != notes_digest(notes.replace("Two", "2"))
    assert notes_digest(notes) != notes_digest(f"  {notes}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("wrote /home/ada/acme/.release/dist/a.whl", "wrote ./.release/dist/a.whl"),
        ("in /home/ada/.config/pip/pip.conf: no", "in .../pip.conf: no"),
        ("'/usr/lib/python3.11/site-packages/nox.py' failed", "'.../nox.py' failed"),
        (r"at C:\Users\ada\x.toml", "at .../x.toml"),
        ("file:///home/bob/acme.git is gone", "file:... is gone"),
        ("https://forge.invalid/acme/widgets/pull/1 is open", "https://forge.invalid/acme/widgets/pull/1 is open"),
        ("src/acme/x.py and/or docs/y.md", "src/acme/x.py and/or docs/y.md"),
        ("release/1.3.0 holds 8046186d5", "release/1.3.0 holds 8046186d5"),
    ],
)
def test_a_text_for_everybody_names_no_place_on_the_machine(text: str, told: str) -> None:
    assert without_places(text, "/home/ada/acme") == told


def test_the_journal_gives_the_entries_of_one_plan_and_skips_what_a_killed_run_left() -> None:
    entry = Entry("mark", "tag", "end", "done", "v1.3.0 is at aaa", 0.5)
    mine, other = render_entry(entry, TIME, "plan-1"), render_entry(entry, TIME, "plan-2")
    old = json.dumps({"time": TIME, "phase": "mark", "step": "tag", "what": "end"}) + "\n"
    journal = old + other + mine + "\nnull\n[]\n" + '{"plan": "plan-1"}\n' + mine + mine[: len(mine) // 2]
    assert parse_entries(journal, "plan-1") == [(TIME, entry)] * 2
    assert parse_entries("", "plan-1") == []
