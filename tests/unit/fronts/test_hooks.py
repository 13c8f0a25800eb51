"""What pre-commit hooks tell of ruff, in the ways in which repositories write them."""

from __future__ import annotations

import pytest

from shipway.fronts.hooks import RuffHooks, find_ruff_hooks

USUAL = """\
repos:
  - repo: https://github.com/pre-commit/pre-commit-hooks
    rev: v6.0.0
    hooks: [{id: check-toml}]
  - repo: https://github.com/astral-sh/ruff-pre-commit
    rev: v0.15.16
    hooks:
      - id: ruff-check
        args: [--fix]
      - id: ruff-format
  - repo: https://github.com/codespell-project/codespell
    rev: v2.4.2
    hooks:
      - id: codespell
"""
FROZEN = """\
repos:
- repo: "https://github.com/astral-sh/ruff-pre-commit.git"
  rev: f12be1ebaa5351c1fc76472de98db2c3446c8253  # frozen: v0.16.10
  hooks:
  - id: ruff
- repo: https://github.com/elsewhere/other
  rev: 1.2.3
  hooks:
  - id: ruff-format
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (USUAL, RuffHooks("0.15.16", formats=True)),
        (FROZEN, RuffHooks("0.16.10", formats=False)),
        (USUAL.replace("rev: v0.15.16", "rev: main"), RuffHooks("", formats=True)),
        (USUAL.replace("ruff-pre-commit", "black"), None),
        ("", None),
        ("repos: [", None),
    ],
)
def test_edition_and_formatting_are_read_from_ruffs_own_hooks_alone(text: str, told: RuffHooks | None) -> None:
    assert find_ruff_hooks(text) == told
