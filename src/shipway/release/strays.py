"""Names that do not belong into a distribution: leftovers, secrets, and paths that lead elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

LEFTOVERS = (
    ".git",
    ".hg",
    ".svn",
    ".release",
    ".nox",
    ".tox",
    ".venv",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "__pycache__",
    "*.pyc",
    "*.pyo",
)
EDITORS = (".idea", ".DS_Store", "Thumbs.db", "*~", ".*.sw[op]", "#*#", ".#*", "*.orig", "*.rej")
SECRETS = (
    ".env",
    ".env.local",
    ".pypirc",
    ".netrc",
    ".git-credentials",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.kdbx",
)
BY_THE_BUILD = "pyproject.toml.orig"
"""The file as it stands in the repository, beside the one that uv_build has normalised; in an sdist's own folder."""
TEST_FOLDERS = frozenset({"test", "tests", "testing", "test_data", "testdata", "fixtures"})
DRIVE = re.compile(r"[A-Za-z]:")
CONTROL = re.compile("[\x00-\x1f\x7f]")


def is_unsafe(name: str) -> bool:
    """Tell whether an archive's member would be unpacked outside of the archive's own folder."""
    parts = name.split("/")
    return (
        not name
        or name.startswith("/")
        or ".." in parts
        or "\\" in name
        or DRIVE.match(name) is not None
        or CONTROL.search(name) is not None
    )


def stray_names(names: Iterable[str], *, tests_may: bool) -> list[str]:
    """Find leftovers and secrets; with ``tests_may``, test data may look like an editor's file or a secret."""
    return [name for name in names if _is_stray(name.rstrip("/").split("/"), tests_may=tests_may)]


def _is_stray(parts: list[str], *, tests_may: bool) -> bool:
    if any(fnmatchcase(part, pattern) for part in parts for pattern in LEFTOVERS):
        return True
    if tests_may and (not TEST_FOLDERS.isdisjoint(parts[:-1]) or parts[1:] == [BY_THE_BUILD]):
        return False
    if any(fnmatchcase(part, pattern) for part in parts for pattern in EDITORS):
        return True
    return any(fnmatchcase(parts[-1], pattern) for pattern in SECRETS)
