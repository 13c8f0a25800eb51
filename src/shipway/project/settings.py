"""What somebody wrote for a setting: in ``[tool.shipway]``, or in the environment over it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shipway.project.keys import KEYS, Key, Value
from shipway.project.pyproject import PYPROJECT, read_pyproject
from shipway.release.outcomes import ConfigurationError
from shipway.world.environment import Environment


class Reading:
    """What has been read so far: values, where they came from, and every problem met on the way."""

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}
        self.sources: dict[str, str] = {}
        self.problems: list[str] = []

    def take_written(self, pyproject: Mapping[str, Any], environment: Environment) -> None:
        """Take what ``pyproject.toml`` and the environment say."""
        table = self._table(pyproject)
        names = tuple(key.name for key in KEYS)
        for name in table:
            if name not in names:
                from shipway.project.values import closest, shown

                self.problems.append(f"{shown(name)} is not a key of [tool.shipway]{closest(name, names)}")
        for key in KEYS:
            text = environment.find(key.variable)
            if text is not None:
                from shipway.project.values import parse_variable

                self._take(key, parse_variable(key, text), f"environment {key.variable}", key.variable)
            elif key.name in table:
                self._take(key, table[key.name], PYPROJECT, key.name)

    def require_sound(self) -> None:
        """Raise one `ConfigurationError` that tells every problem."""
        if not self.problems:
            return
        remedy = f"mend [tool.shipway] in {PYPROJECT}; docs/configuration.md names every key"
        if len(self.problems) == 1:
            raise ConfigurationError(self.problems[0], remedy=remedy)
        lines = "".join(f"\n  - {problem}" for problem in self.problems)
        raise ConfigurationError(f"{len(self.problems)} problems:{lines}", remedy=remedy)

    def _take(self, key: Key, raw: object, source: str, place: str) -> None:
        """Take a value that somebody wrote, or note what is wrong with it."""
        from shipway.project.values import convert  # few settings are written, so most commands need no checks

        self.sources[key.name] = source
        try:
            self.values[key.name] = convert(key, raw)
        except ValueError as error:
            self.problems.append(f"{place} {error}")

    def _table(self, pyproject: Mapping[str, Any]) -> Mapping[str, Any]:
        tool = pyproject.get("tool", {})
        table = tool.get("shipway", {}) if isinstance(tool, Mapping) else tool
        if isinstance(table, Mapping):
            return table
        from shipway.project.values import shown

        self.problems.append(f"[tool.shipway] is a table, not {shown(table)}")
        return {}


def read_setting(root: Path, environment: Environment, name: str) -> Value:
    """Read what somebody wrote for one key; its default where nobody did, without asking what a remote would tell."""
    written = find_setting(root, environment, name)
    return next(key.default for key in KEYS if key.name == name) if written is None else written


def find_setting(root: Path, environment: Environment, name: str) -> Value | None:
    """Read what somebody wrote for one key; None where nobody did."""
    reading = Reading()
    reading.take_written(read_pyproject(root), environment)
    reading.require_sound()
    return reading.values.get(name)
