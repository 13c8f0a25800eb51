"""Workflow files as the doctor reads them: what starts them, who may publish, and what is beyond it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.adopt.doctor.outline import parse_outline
from shipway.adopt.doctor.workflow_files import find_publishing, read_workflows
from shipway.adopt.workflows.render import Settings, render
from unit.adopt.doctor_support import CI, RELEASE, workflow

ROOT = Path(__file__).parents[3]

OUTLINES = [
    ("a: 1\nb:\n  c: two # words\n", {"a": "1", "b": {"c": "two"}}),
    ("on: [push, 'pull_request']\n", {"on": ["push", "pull_request"]}),
    (
        "on: {push: {branches: [main, dev]}, schedule: x}\n",
        {"on": {"push": {"branches": ["main", "dev"]}, "schedule": "x"}},
    ),
    ("a:\n- b: 1\n  c: 2\n- d\n", {"a": [{"b": "1", "c": "2"}, "d"]}),
    ("a:\n  - run: |\n      one: # 1\n\n      two\n    if: x\n", {"a": [{"run": "one: # 1\n\ntwo", "if": "x"}]}),
    ("a: [1,\n    2]\nb: c\n", {"a": ["1", "2"], "b": "c"}),
    ("---\n# words\na: 'x # y'\n", {"a": "x # y"}),
    ("a:\nb: ''\n", {"a": "", "b": ""}),
    ("a: one\n  two\n", {"a": "one two"}),
    ("x: https://a.invalid/b#c\n", {"x": "https://a.invalid/b#c"}),
]


@pytest.mark.parametrize(("text", "outline"), OUTLINES)
def test_the_outline_of_yaml_as_workflows_are_written(text: str, outline: object) -> None:
    assert parse_outline(text) == outline


@pytest.mark.parametrize("text", ["a: &x 1\n", "a: *x\n", "\ta: 1\n", "a: 1\n---\nb: 2\n", "a: 1\na: 2\n", "a: [1\n"])
def test_yaml_that_is_beyond_the_outline_is_refused_by_its_line(text: str) -> None:
    with pytest.raises(ValueError, match="line [0-9]"):
        parse_outline(text)


def test_a_job_publishes_that_may_identify_itself_and_uploads() -> None:
    [(found, job)] = find_publishing((workflow(), workflow(CI, "ci.yml")))
    assert (found.file, found.triggers, job.name, job.environment) == (
        "release.yml",
        ("workflow_dispatch",),
        "publish",
        "pypi",
    )


@pytest.mark.parametrize(
    "step",
    [
        "uses: pypa/gh-action-pypi-publish@0123",
        "run: uv publish",
        "run: twine upload dist/*",
        "run: python -m shipway publish",
        "run: uvx --with-requirements pins.txt nox -s publish -- --yes",
        "run: inv release minor",
    ],
)
def test_publishing_is_known_by_what_uploads(step: str) -> None:
    found = workflow(RELEASE.replace("run: nox -s publish\n        env:\n", step + "\n        env:\n"))
    assert [job.name for _, job in find_publishing((found,))] == ["publish"]


def test_an_identity_for_signing_alone_publishes_nothing() -> None:
    found = workflow(RELEASE.replace("run: nox -s publish", "uses: actions/attest@0123"))
    assert find_publishing((found,)) == []


def test_permissions_of_the_whole_workflow_are_those_of_its_jobs() -> None:
    text = RELEASE.replace("    permissions:\n      id-token: write\n", "")
    assert find_publishing((workflow(text),)) == []
    whole = text.replace("permissions: {}", "permissions: {id-token: write}")
    assert len(find_publishing((workflow(whole),))) == 1
    assert len(find_publishing((workflow(text.replace("permissions: {}", "permissions: write-all")),))) == 1


def test_an_environment_may_be_a_table_with_a_name() -> None:
    text = RELEASE.replace("environment: pypi", "environment:\n      name: index\n      url: https://x.invalid")
    assert find_publishing((workflow(text),))[0][1].environment == "index"


def test_the_workflows_own_token_is_seen_in_either_spelling() -> None:
    for spelling in ("${{ github.token }}", "${{secrets.GITHUB_TOKEN}}"):
        [job] = workflow(RELEASE.replace("${{ secrets.RELEASE_TOKEN }}", spelling)).jobs
        assert job.uses_own_token
    assert not workflow().jobs[0].uses_own_token


def test_a_file_that_is_no_workflow_says_so(tmp_path: Path) -> None:
    assert read_workflows(tmp_path) == ()
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "b.yaml").write_text("name: x\n", encoding="utf-8")
    (folder / "a.yml").write_text("jobs: &x\n", encoding="utf-8")
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    assert [(found.file, bool(found.problem)) for found in read_workflows(tmp_path)] == [
        ("a.yml", True),
        ("b.yaml", True),
    ]


@pytest.mark.parametrize("settings", [Settings(), Settings(environment="pypi", folder="scripts/kit")])
def test_the_workflow_that_init_writes_is_understood(settings: Settings) -> None:
    found = workflow(render("release.yml", settings))
    assert not found.problem
    [(_, job)] = find_publishing((found,))
    assert (job.name, job.environment, job.uses_own_token) == ("publish", settings.environment, True)
    assert not found.is_reusable_only
    assert any(other.releases and other.name == "finish" for other in found.jobs)


def test_this_repositorys_own_workflows_are_read() -> None:
    found = read_workflows(ROOT)
    assert found
    assert all(not one.problem and one.jobs for one in found)
