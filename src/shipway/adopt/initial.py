"""The first files: what a repository lacks for a rehearsal and a release, and nothing that it has."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from shipway.adopt.noxfile import (
    extend_noxfile,
    extend_tasks,
    find_gates,
    imports_shipway,
    render_noxfile,
    render_tasks,
    spaced,
)
from shipway.adopt.presence import Presence, script_needs
from shipway.adopt.proposal import Proposal, propose, read_present
from shipway.adopt.survey import Remark
from shipway.changelog.insertion import find_spot, insert_at
from shipway.project.changelogs.names import MARKDOWN, OTHERS
from shipway.project.pyproject import PYPROJECT, find_table, parse_toml, read_pyproject
from shipway.release.outcomes import ConfigurationError

CHANGELOGS = tuple(dict.fromkeys(name.lower() for name in (*MARKDOWN, *OTHERS)))
TYPES = (("breaking", "Breaking changes"), ("added", "Added"), ("changed", "Changed"), ("fixed", "Fixed"))
MOST_BLANK = 2
"""How many blank lines a formatter keeps."""
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
        is_noxfile = name == "noxfile.py"
        if present is None:
            written = render_noxfile(needs, folder) if is_noxfile else render_tasks(folder)
            return spaced(written, lines_after_imports(read_pyproject(self.root)))
        try:
            return extend_noxfile(present, needs, folder) if is_noxfile else extend_tasks(present, folder)
        except SyntaxError as error:
            raise ConfigurationError(f"{name} is not Python: {error}", remedy=f"mend {name}") from None

    def _pyproject(self) -> str:
        """Add what detection cannot find: taken over from other tools, and the branch."""
        text = with_keys(read_present(self.root, PYPROJECT) or "", self.find_missing())
        return _joined(text, "" if self.has_changelog else self._towncrier().configuration)

    def find_missing(self) -> dict[str, str | list[str]]:
        """Give the keys that ``[tool.shipway]`` lacks, with their values; what it says already stays as it is."""
        written = find_table(read_pyproject(self.root), "tool", "shipway")
        values: dict[str, str | list[str]] = {remark.key: remark.value for remark in self.remarks if remark.key}
        if self.branch != "main" and written is None:  # a table without a branch was written by who means main
            values["branch"] = self.branch
        if self.has_changelog:
            values.pop("changelog", None)  # it is detected
        if gates := self._own_gates():
            values["gates"] = gates
        return {key: value for key, value in values.items() if key not in (written or {})}

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


def lines_after_imports(pyproject: Mapping[str, Any]) -> int:
    """Give how many blank lines a repository's import sorter wants below imports: one, unless it says two."""
    for names in (("tool", "ruff", "lint", "isort"), ("tool", "ruff", "isort"), ("tool", "isort")):
        table = find_table(dict(pyproject), *names) or {}
        wanted = table.get("lines-after-imports", table.get("lines_after_imports"))
        if wanted == MOST_BLANK:
            return MOST_BLANK
    return 1


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


def with_keys(text: str, values: Mapping[str, str | list[str]]) -> str:
    """Add keys to ``[tool.shipway]`` of a ``pyproject.toml``, or the table with them; the rest stays as it is."""
    if not values:
        return text
    if find_table(parse_toml(text, PYPROJECT), "tool", "shipway") is None:
        table = tomlkit.table()
        table.update(values)
        return _joined(text, f"[tool.shipway]\n{table.as_string()}")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    document = tomlkit.parse(text.removeprefix(mark))
    tool: Any = document["tool"]
    tool["shipway"].update(values)
    return mark + document.as_string()


def _joined(text: str, *added: str) -> str:
    """Put tables at the end of a file, each after an empty line."""
    for table in filter(None, added):
        text = f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}\n{table}"
    return text
