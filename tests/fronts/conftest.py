"""Fixtures of the fronts' tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from fronts.fronts_support import PYPROJECT, Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a small repository without sessions or tasks."""
    made = Repository(tmp_path)
    made.write("pyproject.toml", PYPROJECT)
    made.commit()
    return made
