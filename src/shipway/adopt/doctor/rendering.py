"""The doctor's words: a row for each answer, what to do about the bad ones, and a last line that counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shipway.adopt.doctor.finding import LEVELS, Finding
from shipway.grammar import respell

Answers = Sequence[tuple[str, str, Finding]]
STYLES: Mapping[str, str] = {"blocks": "bold red", "advice": "yellow", "unknown": "cyan", "not applicable": "dim"}
SAID: Mapping[str, str] = {"unknown": "could not ask", "not applicable": "n/a"}
INDENT = 29
COUNTED: Mapping[str, str] = {"blocks": "would stop a release", "unknown": "could not be asked"}


def render_rows(answers: Answers, front: str) -> Iterator[tuple[str, str]]:
    """Give each line of the table with its style: what is fine in one line, the rest with why and next."""
    before = ""
    for family, name, finding in answers:
        head = f"{'' if family == before else family:10}{name:19}"
        yield (
            f"{head}{SAID.get(finding.level, finding.level):14} {_indented(finding.what)}",
            STYLES.get(finding.level, ""),
        )
        before = family
        for label, text in (("why:", finding.why), ("next:", respell(finding.remedy, front))):
            if text:
                yield f"{'':{INDENT}}{label:5} {_indented(text)}", ""


def _indented(text: str) -> str:
    """Keep further lines of a text, such as a program's own words, within their column."""
    return text.replace("\n", "\n" + " " * (INDENT + 6))


def count(answers: Answers) -> dict[str, int]:
    """Count the answers of each level, the worst first."""
    found = Counter(finding.level for _, _, finding in answers)
    return {level: found[level] for level in LEVELS}


def render_summary(counts: Mapping[str, int]) -> str:
    """Give the line that counts."""
    return ", ".join(f"{number} {COUNTED.get(level, level)}" for level, number in counts.items())


def as_facts(answers: Answers, front: str) -> list[dict[str, Any]]:
    """Give the answers as they stand in the JSON document."""
    return [
        {
            "family": family,
            "check": name,
            "level": finding.level,
            "what": finding.what,
            "why": finding.why,
            "next": respell(finding.remedy, front),
        }
        for family, name, finding in answers
    ]
