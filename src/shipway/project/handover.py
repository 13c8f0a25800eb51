"""``.release/``: the files by which steps hand over to each other, in this run and the next.

The folder ignores itself. Every file is written beside its place and renamed into it, so a killed run leaves either
the old or the new one. What was made from one plan is never taken for another: each report names its plan's digest.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shipway.release.plan import Plan

PLAN = "plan.json"
NOTES = "notes.md"
OUTCOME = "outcome.json"
JOURNAL = "journal.jsonl"
EVIDENCE = "evidence.json"
UNFINISHED = ".new"
"""How the name of a file ends that is still being written."""
NONCES = "nonces"
HEAD = "head"
REPORTS = ("gates", "bump", "build", "check")


@dataclass(frozen=True)
class Handover:
    """The folder ``.release/`` of one work tree."""

    root: Path

    @property
    def directory(self) -> Path:
        """The folder itself."""
        return self.root / ".release"

    @property
    def dist(self) -> Path:
        """Where the candidate's distributions are."""
        return self.directory / "dist"

    def scratch(self, name: str) -> Path:
        """Give a place for something that is thrown away; what a killed run left there is in nobody's way."""
        return self.directory / "tmp" / name

    def write(self, name: str, text: str) -> Path:
        """Put a file in place, whole or not at all."""
        place = self.directory / name
        place.parent.mkdir(parents=True, exist_ok=True)
        ignore = self.directory / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        beside = place.with_name(f"{place.name}.{os.getpid()}{UNFINISHED}")
        with _naming(place):
            try:
                with beside.open("w", encoding="utf-8", newline="\n") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(place)
            except OSError:
                beside.unlink(missing_ok=True)
                raise
        return place

    def append(self, name: str, line: str) -> None:
        """Add a line to a file that only grows; half a line of a killed run stays a line of its own."""
        if not (self.directory / name).exists():
            self.write(name, "")
        place = self.directory / name
        with _naming(place), place.open("a+b") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - 1, 0))
            broken = file.read(1) not in (b"", b"\n")
            file.write(("\n" * broken + line).encode())

    def find(self, name: str) -> str | None:
        """Give a file's text, if it is there and is one."""
        try:
            return (self.directory / name).read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def find_facts(self, name: str) -> dict[str, Any]:
        """Give the JSON object in a file; an empty one where none can be read, since it can be made again."""
        try:
            found = json.loads(self.find(name) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def find_plan(self) -> Plan | None:
        """Give the plan, if a readable one is there; another schema's plan is made again."""
        from shipway.release.plan import parse_plan

        text = self.find(PLAN)
        try:
            return parse_plan(text) if text else None
        except ValueError:
            return None

    def keep_plan(self, plan: Plan) -> None:
        """Store a new plan and let go of everything that was made from another."""
        from shipway.release.plan import render_plan

        rmtree(self.directory / "reports", ignore_errors=True)
        rmtree(self.dist, ignore_errors=True)
        self.write(NOTES, plan.notes + "\n")
        self.write(PLAN, render_plan(plan))

    def find_report(self, step: str, plan: Plan) -> dict[str, Any] | None:
        """Give what a step of the candidate left for this very plan."""
        report = self.find_facts(f"reports/{step}.json")
        return report if report.get("plan") == plan.digest() else None

    def keep_report(self, step: str, plan: Plan, facts: dict[str, Any]) -> dict[str, Any]:
        """Store what a step of the candidate made or found."""
        report = {"plan": plan.digest(), **facts}
        self.write(f"reports/{step}.json", json.dumps(report, indent=2, sort_keys=True) + "\n")
        return report

    def find_head(self) -> str:
        """Give the commit that was checked out when the plan was last worked on; "" if that is not known."""
        return (self.find(HEAD) or "").strip()

    def keep_head(self, commit: str) -> None:
        """Note which commit is checked out while the plan is worked on."""
        self.write(HEAD, f"{commit}\n")

    def remember_nonce(self, nonce: str) -> None:
        """Note that a claim with this nonce is ours, before anybody else sees it."""
        self.write(NONCES, f"{self.find(NONCES) or ''}{nonce}\n")

    def knows_nonce(self, nonce: str) -> bool:
        """Whether a claim with this nonce was made in this work tree."""
        return nonce in (self.find(NONCES) or "").split()

    @property
    def register(self) -> Path:
        """Where objects of the register are kept while a release is under way."""
        return self.directory / "register"

    def tidy(self) -> None:
        """Throw away the scratch places, and what a killed run had begun to write."""
        rmtree(self.directory / "tmp", ignore_errors=True)
        rmtree(self.register, ignore_errors=True)
        for unfinished in self.directory.rglob(f"*{UNFINISHED}"):
            unfinished.unlink(missing_ok=True)


@contextmanager
def _naming(place: Path) -> Iterator[None]:
    """Have an error of the system name the file: one that comes while it is written, as on a full disk, does not."""
    try:
        yield
    except OSError as error:
        error.filename = str(place)
        raise
