"""Versions from git tags: no file, no version to read, and the variable that the back-end believes."""

from __future__ import annotations

import pytest
from packaging.version import Version

from shipway.project.version_source import find_version_source

HEAD = '[project]\nname = "Acme.Widgets-x__y"\ndynamic = ["version"]\n'
NAMED = "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_ACME_WIDGETS_X_Y"


@pytest.mark.parametrize(
    ("table", "kind", "variable"),
    [
        ("[tool.setuptools_scm]\n", "setuptools-scm", NAMED),
        ('[build-system]\nrequires = ["setuptools_scm>=8", "!", 3]\n', "setuptools-scm", NAMED),
        ('[tool.hatch.version]\nsource = "vcs"\n', "hatch-vcs", "SETUPTOOLS_SCM_PRETEND_VERSION"),
    ],
)
def test_the_build_is_told_the_version_and_nothing_is_written(table: str, kind: str, variable: str) -> None:
    found = find_version_source({"pyproject.toml": HEAD + table}.get)
    assert (found.kind, found.files, found.read()) == (kind, (), None)
    assert found.rewrite(Version("1.3.0")) == {}
    assert found.build_variables(Version("1.3.0rc1")) == {variable: "1.3.0rc1"}
    assert found.place.startswith("git tags, ")
