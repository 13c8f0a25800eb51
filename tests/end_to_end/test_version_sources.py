"""A release from each kind of version source, by the real build back-ends, and the next one after it has landed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from end_to_end.support import PYPROJECT, World, git, make_project, open_world

DYNAMIC = PYPROJECT.replace('version = "1.2.4"\n', 'dynamic = ["version"]\n')
TINY = DYNAMIC[: DYNAMIC.index("[project]")]
MODULE = '"""Widgets."""\n\n__version__ = "1.2.4"  # 1.2.4\n'


def pyproject(requires: str, backend: str, table: str) -> str:
    """Give a project with a dynamic version, another back-end, and its table."""
    return DYNAMIC.replace(TINY, f"[build-system]\nrequires = [{requires}]\nbuild-backend = {backend!r}\n\n") + table


@dataclass(frozen=True)
class Kind:
    """A kind of version source: its project, the file that a release edits ("" for none), and what stands there."""

    files: Mapping[str, str]
    edited: str = ""
    literal: str = '"1.2.4"'


def hatch(table: str, *more: str) -> str:
    """Give a project that hatchling builds."""
    requires = ", ".join(f'"{name}"' for name in ("hatchling", *more))
    only = '\n[tool.hatch.build.targets.wheel]\npackages = ["acme_widgets"]\n'
    return pyproject(requires, "hatchling.build", f"\n[tool.hatch.version]\n{table}{only}")


def back_end(name: str, requires: str, text: str) -> dict[str, str]:
    """Give a project whose ``[project]`` is somewhere else, or whose version is; towncrier's table stays."""
    head = f'[build-system]\nrequires = ["{requires}"]\nbuild-backend = "{name}"\n\n'
    return {"pyproject.toml": head + text + PYPROJECT[PYPROJECT.index("[tool.towncrier]") :]}


SETUP = "from setuptools import setup\n\n"
PACKAGES = '\n[tool.setuptools]\npackages = ["acme_widgets"]\n'
KINDS = {
    "hatch": Kind(
        {"pyproject.toml": hatch('path = "acme_widgets/__init__.py"\n'), "acme_widgets/__init__.py": MODULE},
        "acme_widgets/__init__.py",
    ),
    "setuptools": Kind(
        {
            "pyproject.toml": pyproject(
                '"setuptools>=77"',
                "setuptools.build_meta",
                f'{PACKAGES}\n[tool.setuptools.dynamic]\nversion = {{attr = "acme_widgets.about.__version__"}}\n',
            ),
            "acme_widgets/about.py": MODULE,
        },
        "acme_widgets/about.py",
    ),
    "setuptools-scm": Kind(
        {
            "pyproject.toml": pyproject(
                '"setuptools>=77", "setuptools-scm>=8"',
                "setuptools.build_meta",
                f'{PACKAGES}\n[tool.setuptools_scm]\nversion_file = "acme_widgets/_version.py"\n',
            ),
            ".gitignore": "dist/\n_version.py\n",
        }
    ),
    "hatch-vcs": Kind({"pyproject.toml": hatch('source = "vcs"\n', "hatch-vcs")}),
    "poetry": Kind(
        back_end(
            "poetry.core.masonry.api",
            "poetry-core>=2",
            '[tool.poetry]\nname = "acme-widgets"\nversion = "1.2.4"\ndescription = "Widgets"\nauthors = []\n'
            'readme = "README.md"\n\n',
        ),
        "pyproject.toml",
    ),
    "flit": Kind(
        {
            "pyproject.toml": pyproject('"flit_core>=3.11"', "flit_core.buildapi", ""),
            "acme_widgets/__init__.py": MODULE,
        },
        "acme_widgets/__init__.py",
    ),
    "pdm": Kind(
        {
            "pyproject.toml": pyproject(
                '"pdm-backend"',
                "pdm.backend",
                '\n[tool.pdm.version]\nsource = "file"\npath = "acme_widgets/__init__.py"\n',
            ),
            "acme_widgets/__init__.py": MODULE,
        },
        "acme_widgets/__init__.py",
    ),
    "setup.py": Kind(
        {
            **back_end("setuptools.build_meta", "setuptools>=77", ""),
            "setup.py": f'{SETUP}setup(\n    name="acme-widgets",\n    version="1.2.4",\n'
            '    packages=["acme_widgets"],\n    long_description="# Widgets",\n'
            '    long_description_content_type="text/markdown",\n)\n',
        },
        "setup.py",
    ),
    "setup.cfg": Kind(
        {
            **back_end("setuptools.build_meta", "setuptools>=77", ""),
            "setup.cfg": "[metadata]\nname = acme-widgets\nversion = 1.2.4\nlong_description = file: README.md\n"
            "long_description_content_type = text/markdown\n\n[options]\npackages = acme_widgets\n",
        },
        "setup.cfg",
        "version = 1.2.4",
    ),
    "pbr": Kind(
        {
            **back_end("pbr.build", "pbr>=6", ""),
            "setup.py": f"{SETUP}setup(setup_requires=['pbr'], pbr=True)\n",
            "setup.cfg": "[metadata]\nname = acme-widgets\nsummary = Widgets\ndescription_file = README.md\n"
            "description_content_type = text/markdown\n\n[files]\npackages = acme_widgets\n\n"
            "[pbr]\nskip_changelog = true\n",
        }
    ),
    "versioningit": Kind(
        {
            "pyproject.toml": pyproject(
                '"setuptools>=77", "versioningit>=3"', "setuptools.build_meta", f"{PACKAGES}\n[tool.versioningit]\n"
            )
        }
    ),
    "uv-dynamic-versioning": Kind(
        {"pyproject.toml": hatch('source = "uv-dynamic-versioning"\n', "uv-dynamic-versioning")}
    ),
    "pdm-scm": Kind(
        {"pyproject.toml": pyproject('"pdm-backend"', "pdm.backend", '\n[tool.pdm.version]\nsource = "scm"\n')}
    ),
}
TAGGED = ("setuptools-scm", "hatch-vcs", "pbr", "versioningit", "uv-dynamic-versioning", "pdm-scm")


def release(world: World, bump: str, version: str, kind: Kind) -> None:
    """Release, and hold what was published, tagged and changed against the version."""
    world.release(bump)
    names = {name for name, _ in world.snapshot()["files"]}  # type: ignore[attr-defined]
    assert {f"acme_widgets-{version}.tar.gz", f"acme_widgets-{version}-py3-none-any.whl"} <= {
        name.replace("py2.py3", "py3") for name in names
    }
    changed = git(world.bare, "diff", "--name-only", f"v{version}~", f"v{version}").splitlines()
    assert sorted(changed) == sorted(["CHANGELOG.md", *([kind.edited] if kind.edited else []), *spent(world, version)])
    if kind.edited:
        text = git(world.bare, "show", f"v{version}:{kind.edited}")
        before = kind.files[kind.edited].strip()
        assert text == before.replace(kind.literal, kind.literal.replace("1.2.4", version))


def spent(world: World, version: str) -> list[str]:
    """Give the fragments that a release spent."""
    return git(world.bare, "diff", "--name-only", "--diff-filter=D", f"v{version}~", f"v{version}").splitlines()


@pytest.mark.parametrize(
    "name",
    ["setuptools-scm", *(pytest.param(name, marks=pytest.mark.long) for name in KINDS if name != "setuptools-scm")],
)
def test_two_releases_from_each_kind_of_source(tmp_path: Path, name: str) -> None:
    kind = KINDS[name]
    with open_world(make_project(tmp_path / "acme", kind.files)) as world:
        planned = world.run("plan", "minor", "--json")
        assert planned.returncode == 0, planned.stderr
        assert json.loads(planned.stdout)["version_source"]["kind"] == name
        release(world, "minor", "1.3.0", kind)
        verified = world.run("verify", "1.3.0")
        assert verified.returncode == 0, verified.stdout
        world.commit({"other.txt": "Meanwhile.\n"})
        printed = world.release("patch", code=12)
        assert "v1.3.0 is tagged, but main" in printed
        assert "/pull/1" in printed
        world.stage.forge.merge_pull_request(1, "squash")
        git(world.clone, "pull", "--quiet", str(world.bare), "main")
        world.commit({"changelog.d/9.bugfix.md": "Widgets rest.\n"})
        release(world, "patch", "1.3.1", kind)
        assert world.outcome["previous"] == "1.3.0"


@pytest.mark.long
@pytest.mark.parametrize("name", ["hatch", "setuptools", "setuptools-scm", "hatch-vcs"])
@pytest.mark.parametrize("words", [(), ("--flow", "direct"), ("--pre", "rc")])
def test_each_kind_of_source_can_be_rehearsed(tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    with open_world(make_project(tmp_path / "acme", KINDS[name].files)) as world:
        done = world.run("rehearse", "minor", *words)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.parametrize("name", TAGGED)
def test_steps_on_their_own_take_the_version_of_a_tag_at_head(tmp_path: Path, name: str) -> None:
    with open_world(make_project(tmp_path / "acme", KINDS[name].files)) as world:
        assert "acme-widgets 1.2.4   (git tags" in world.run("version").stdout
        for words in (["build"], ["check"]):
            done = world.run(*words)
            assert done.returncode == 0, done.stdout + done.stderr
        assert (world.clone / "dist" / "acme_widgets-1.2.4.tar.gz").is_file()
        world.commit({"other.txt": "Meanwhile.\n"})
        for words in (["build"], ["check"]):
            done = world.run(*words)
            assert done.returncode == 0, done.stdout + done.stderr
        assert not (world.clone / "dist" / "acme_widgets-1.2.4.tar.gz").exists()
        refused = world.run("publish")
        assert refused.returncode == 12
        assert "HEAD has no version" in refused.stdout
        assert "release" in refused.stdout.rpartition("next: ")[2]


def test_a_version_in_a_file_that_git_does_not_track_is_told(tmp_path: Path) -> None:
    ignored = {**KINDS["hatch"].files, ".gitignore": "dist/\nacme_widgets/__init__.py\n"}
    with open_world(make_project(tmp_path / "acme", ignored)) as world:
        (world.clone / "acme_widgets").mkdir()
        (world.clone / "acme_widgets" / "__init__.py").write_text(MODULE, encoding="utf-8")
        done = world.run("plan", "minor")
        assert done.returncode == 11, done.stdout + done.stderr
        assert "acme_widgets/__init__.py is not there" in done.stdout


def test_a_project_without_a_tag_begins_at_nothing(tmp_path: Path) -> None:
    project = make_project(tmp_path / "acme", KINDS["hatch-vcs"].files)
    git(project, "tag", "--delete", "v1.2.4")
    with open_world(project) as world:
        assert "acme-widgets 0.0.0 -> 0.1.0" in world.run("plan", "minor").stdout
