"""The first files: what a repository lacks for a rehearsal and a release, and nothing that it has."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from shipway.adopt.noxfile import (
    extend_noxfile,
    extend_tasks,
    find_gates,
    imports_shipway,
    render_noxfile,
    render_tasks,
)
from shipway.adopt.presence import Presence, script_needs
from shipway.adopt.proposal import Proposal, propose, read_present
from shipway.adopt.survey import Remark
from shipway.changelog.insertion import find_spot, insert_at
from shipway.project.pyproject import PYPROJECT, find_table, read_pyproject
from shipway.release.outcomes import ConfigurationError

CHANGELOGS = (
    "changelog.md",
    "changes.md",
    "history.md",
    "news.md",
    "changelog.rst",
    "changes.rst",
    "history.rst",
    "news.rst",
)
TYPES = (("breaking", "Breaking changes"), ("added", "Added"), ("changed", "Changed"), ("fixed", "Fixed"))
FRAGMENT = "Releases are made with Shipway.\n"
"""The first entry: a release without one is refused, and this is one."""


@dataclass(frozen=True)
class FirstFiles:
    """The files of one repository; ``has_changelog`` says whether it has a changelog system already."""

    root: Path
    presence: Presence
    remarks: Sequence[Remark]
    branch: str
    has_changelog: bool

    def propose(self) -> list[Proposal]:
        """Give every file as it would be."""
        noxfile, tasks = read_present(self.root, "noxfile.py"), read_present(self.root, "tasks.py")
        return [
            Proposal("noxfile.py", noxfile, self._extended("noxfile.py", noxfile)),
            Proposal("tasks.py", tasks, self._extended("tasks.py", tasks)),
            propose(self.root, PYPROJECT, self._pyproject()),
            *([] if self.has_changelog else self._changelog()),
        ]

    def _extended(self, name: str, present: str | None) -> str:
        """Write the noxfile or the tasks file, or add to the one that is there."""
        needs, folder = script_needs(self.presence.needs), self.presence.folder
        try:
            if name == "noxfile.py":
                return render_noxfile(needs, folder) if present is None else extend_noxfile(present, needs, folder)
            return render_tasks(folder) if present is None else extend_tasks(present, folder)
        except SyntaxError as error:
            raise ConfigurationError(f"{name} is not Python: {error}", remedy=f"mend {name}") from None

    def _pyproject(self) -> str:
        """Add what detection cannot find: taken over from other tools, and the branch."""
        text = read_present(self.root, PYPROJECT) or ""
        document = read_pyproject(self.root)
        written = find_table(document, "tool", "shipway")
        values: dict[str, str | list[str]] = {remark.key: remark.value for remark in self.remarks if remark.key}
        if self.branch != "main":
            values["branch"] = self.branch
        if self.has_changelog:
            values.pop("changelog", None)  # it is detected
        if gates := self._own_gates():
            values["gates"] = gates
        added = render_table("tool.shipway", values) if values and written is None else ""
        return _joined(text, added, "" if self.has_changelog else self._towncrier().configuration)

    def _own_gates(self) -> list[str]:
        """Name the sessions that a noxfile had before us and that a release shall insist on."""
        noxfile = read_present(self.root, "noxfile.py")
        tree = ast.parse(noxfile or "")
        return [] if imports_shipway(tree) else find_gates(tree)

    def _changelog(self) -> list[Proposal]:
        """Set up towncrier: its folder with a first fragment, and the place in the changelog."""
        towncrier = self._towncrier()
        present = read_present(self.root, towncrier.file)
        return [
            propose(self.root, towncrier.file, with_marker(present, towncrier.marker)),
            propose(self.root, f"changelog.d/+shipway.changed{Path(towncrier.file).suffix}", FRAGMENT),
        ]

    def _towncrier(self) -> FirstTowncrier:
        names = {path.name.lower(): path.name for path in self.root.iterdir() if path.is_file()}
        found = next((names[name] for name in CHANGELOGS if name in names), "CHANGELOG.md")
        return FirstTowncrier(found)


@dataclass(frozen=True)
class FirstTowncrier:
    """towncrier's configuration for a changelog that people have kept by hand so far, or for a new one."""

    file: str

    @property
    def is_markdown(self) -> bool:
        """Whether it is Markdown; else it is reStructuredText."""
        return self.file.lower().endswith(".md")

    @property
    def marker(self) -> str:
        """The line below which towncrier writes."""
        return "<!-- towncrier release notes start -->" if self.is_markdown else ".. towncrier release notes start"

    @property
    def configuration(self) -> str:
        """The tables for ``pyproject.toml``."""
        title = (
            'title_format = "## {version} ({project_date})"\nunderlines = ["", "", ""]\n' if self.is_markdown else ""
        )
        table = (
            f'[tool.towncrier]\ndirectory = "changelog.d"\nfilename = "{self.file}"\n'
            f'start_string = "{self.marker}\\n"\n{title}issue_format = "#{{issue}}"\nignore = []\n'
        )
        kinds = (
            f'\n[[tool.towncrier.type]]\ndirectory = "{word}"\nname = "{name}"\nshowcontent = true\n'
            for word, name in TYPES
        )
        return table + "".join(kinds)


def with_marker(text: str | None, marker: str) -> str:
    """Put towncrier's marker above the first version of a changelog, where it has none yet."""
    if text is None:
        return f"# Changelog\n\n{marker}\n"
    if marker in text:
        return text
    return insert_at(text, find_spot(text), f"{marker}\n")


def render_table(name: str, values: Mapping[str, str | list[str]]) -> str:
    """Write a table of TOML."""
    table = tomlkit.table()
    table.update(values)
    return f"[{name}]\n{table.as_string()}"


def _joined(text: str, *added: str) -> str:
    """Put tables at the end of a file, each after an empty line."""
    for table in filter(None, added):
        text = f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}\n{table}"
    return text
