"""Workflow files as the doctor reads them: what starts them, and which of their jobs may publish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shipway.adopt.doctor.outline import Node, parse_outline

FOLDER = Path(".github", "workflows")
CALLED = "workflow_call"
PUBLISHES = re.compile(r"gh-action-pypi-publish|\b(uv|hatch|flit|poetry|pdm) publish\b|twine upload")
OURS = re.compile(
    r"(-m shipway|\bshipway|-s|\binv|\binvoke|\.pyz?)\b.*\b(publish|release)\b|\.venv/bin/\S+ -m \S+ publish"
)
OWN_TOKEN = re.compile(r"\$\{\{\s*(github\.token|secrets\.GITHUB_TOKEN)\s*\}\}")


@dataclass(frozen=True)
class Job:
    """One job: whether it may ask for an identity token, its environment, the workflow that it calls, its steps."""

    name: str
    identifies: bool
    environment: str
    calls: str
    steps: str
    uses_own_token: bool

    @property
    def publishes(self) -> bool:
        """Whether it uploads with a trusted publisher's identity."""
        return self.identifies and bool(self.calls or PUBLISHES.search(self.steps) or OURS.search(self.steps))

    @property
    def releases(self) -> bool:
        """Whether it runs a release of ours."""
        return OURS.search(self.steps) is not None


@dataclass(frozen=True)
class Workflow:
    """One workflow file; ``problem`` says why it could not be read, and then it has no jobs."""

    file: str
    triggers: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()
    problem: str = ""

    @property
    def is_reusable_only(self) -> bool:
        """Whether nothing but another workflow can start it."""
        return self.triggers == (CALLED,)


def read_workflows(root: Path) -> tuple[Workflow, ...]:
    """Read every workflow file of a repository."""
    folder = root / FOLDER
    paths = sorted(path for path in folder.glob("*.y*ml") if path.is_file()) if folder.is_dir() else []
    return tuple(parse_workflow(path.name, path.read_bytes().decode(errors="replace")) for path in paths)


def find_publishing(workflows: tuple[Workflow, ...]) -> list[tuple[Workflow, Job]]:
    """Give the jobs that publish by a trusted publisher's identity."""
    return [(workflow, job) for workflow in workflows for job in workflow.jobs if job.publishes]


def parse_workflow(file: str, text: str) -> Workflow:
    """Parse one workflow file."""
    try:
        whole = parse_outline(text)
    except ValueError as error:
        return Workflow(file, problem=str(error))
    if not isinstance(whole, dict) or not isinstance(whole.get("jobs"), dict):
        return Workflow(file, problem="it has no jobs")
    jobs = whole["jobs"]
    assert isinstance(jobs, dict)  # noqa: S101 - it was looked at a line above
    parsed = tuple(_job(name, job, whole.get("permissions")) for name, job in jobs.items() if isinstance(job, dict))
    return Workflow(file, _names(whole.get("on")), parsed)


def _job(name: str, job: dict[str, Node], inherited: Node | None) -> Job:
    permissions = job.get("permissions", inherited)
    environment, steps = job.get("environment", ""), "\n".join(_texts(job.get("steps", [])))
    named = environment.get("name", "") if isinstance(environment, dict) else environment
    return Job(
        name,
        identifies=_grants(permissions),
        environment=named if isinstance(named, str) else "",
        calls=_text(job.get("uses")),
        steps=steps,
        uses_own_token=bool(OWN_TOKEN.search("\n".join(_texts(job)))),
    )


def _grants(permissions: Node | None) -> bool:
    if isinstance(permissions, dict):
        return permissions.get("id-token") == "write"
    return permissions == "write-all"


def _names(node: Node | None) -> tuple[str, ...]:
    if isinstance(node, str):
        return (node,)
    return tuple(name for name in node or () if isinstance(name, str))


def _text(node: Node | None) -> str:
    return node if isinstance(node, str) else ""


def _texts(node: Node) -> Iterator[str]:
    """Give every text inside a part of a workflow."""
    if isinstance(node, str):
        yield node
    else:
        for inner in node.values() if isinstance(node, dict) else node:
            yield from _texts(inner)
