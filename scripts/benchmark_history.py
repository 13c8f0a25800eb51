# /// script
# requires-python = ">=3.10"
# dependencies = ["uv>=0.9"]
# ///
"""Measure how fast histories are read: the next version and its notes, by Shipway, by its peers, and by git alone.

``python scripts/benchmark_history.py [--sizes 100 1000 10000 100000] [--tools floor shipway ...] [--runs 3]``

Run it with uv and git on PATH, on an idle machine. Histories are made with ``git fast-import``, each in two kinds: with
a tag every 50 commits, and with one at the first commit, so that all others come after it. Shipway (the source beside
this script), git-cliff, python-semantic-release and commitizen each are installed by uv into an environment of their
own, compiled as pip does it. Runs are interleaved, so that a slow moment of the machine hits all sides; the median
counts. A tool that takes long runs once; one that takes more than a minute is ended, and not run on larger histories of
that kind. Memory is the largest of a program and what it started.

The floor is what nobody can be without: listing the tags, reading the commits (thrown away), and loading the one module
that compares versions.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AIM, AIM_FROM = 1.3, 10_000
LIMIT, LONG = 60.0, 5.0
"""Seconds after which a tool is ended, and from which on one run has to do."""
EVERY = 50
KINDS = {"tagged": f"a tag every {EVERY}", "untagged": "all since the tag"}
PEERS = {
    "git-cliff": "git-cliff==2.14.2",
    "python-semantic-release": "python-semantic-release==10.7.0",
    "commitizen": "commitizen==4.19.3",
}
SHIPWAY = "shipway"
TOOLS = ("floor", SHIPWAY, *PEERS)
TASKS = ("version", "changelog")
TYPES = ("feat", "fix", "docs", "chore", "refactor", "test", "ci", "perf", "build")
PYPROJECT = b'[project]\nname = "acme"\nversion = "%s"\n'
RELEASE = '[semantic_release]\nversion_toml = ["pyproject.toml:project.version"]\nallow_zero_version = true\n'
COMMITIZEN = '[tool.commitizen]\nversion_provider = "pep621"\ntag_format = "v$version"\n'
NOBODY = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


@dataclass(frozen=True)
class Case:
    """A history: how many commits, which kind, where it is, and its last tag."""

    size: int
    kind: str
    folder: Path
    tag: str


@dataclass(frozen=True)
class Measured:
    """What one run took: seconds, and the largest memory in MiB."""

    seconds: float
    memory: float


def make_history(folder: Path, size: int, kind: str) -> Case:
    """Make a history of conventional commits, and check it out."""
    run_git(folder.parent, "init", "--quiet", "--initial-branch", "main", str(folder))
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE) as git:
        assert git.stdin is not None
        tag = ""
        for number, (record, name) in enumerate(records(size, kind), start=1):
            git.stdin.write(record)
            if name:
                tag = name
                git.stdin.write(b"reset refs/tags/%s\nfrom :%d\n\n" % (name.encode(), number))
        git.stdin.close()
    run_git(folder, "checkout", "--quiet", "main")
    run_git(folder, "remote", "add", "origin", "https://forge.invalid/acme/acme.git")
    (folder.parent / f"{folder.name}.release.toml").write_text(RELEASE, encoding="utf-8")
    (folder.parent / f"{folder.name}.cz.toml").write_text(COMMITIZEN, encoding="utf-8")
    return Case(size, kind, folder, tag)


def records(size: int, kind: str) -> Iterator[tuple[bytes, str]]:
    """Give each commit for ``git fast-import``, and the tag that stands at it."""
    choose = random.Random(5)  # noqa: S311 - a corpus, not a secret
    for number in range(size):
        is_tagged = number == 0 or (kind == "tagged" and number % EVERY == 0)
        version = f"1.{number // EVERY if kind == 'tagged' else 0}.0"
        message = message_of(number, choose).encode()
        record = b"commit refs/heads/main\nmark :%d\ncommitter A <a@forge.invalid> %d +0000\ndata %d\n%s\n" % (
            number + 1,
            1_500_000_000 + 60 * number,
            len(message),
            message,
        )
        if is_tagged:
            text = PYPROJECT % version.encode()
            record += b"M 644 inline pyproject.toml\ndata %d\n%s\n" % (len(text), text)
        yield record, f"v{version}" if is_tagged else ""


def message_of(number: int, choose: random.Random) -> str:
    """Give a message such as people write."""
    kind, scope = choose.choice(TYPES), choose.choice(("", "(core)", "(cli)"))
    text = f"{kind}{scope}: change number {number} of the way things turn (#{number})\n\n"
    text += "A body that says why it was done, in a sentence or\ntwo, as people write them.\n"
    if choose.random() < 0.002:
        text += "\nBREAKING CHANGE: the old way is gone\n"
    return text + ("\nSigned-off-by: A Person <a@forge.invalid>\n" if choose.random() < 0.3 else "")


def commands_of(tool: str, task: str, case: Case, environments: Path) -> list[list[str]]:
    """Give what a tool runs for a task, one after the other."""
    name, python = str(case.folder), str(environments / SHIPWAY / "bin" / "python")
    programs = environments / tool / "bin"
    if tool == "floor":
        log = ["git", "log", "-z", "--format=%H%x00%B", f"{case.tag}..HEAD"]
        return [["git", "for-each-ref", "refs/tags"], log, [python, "-c", "import packaging.version"]]
    if tool == SHIPWAY:
        return [[python, "-m", "shipway", *(["version", "auto"] if task == "version" else ["changelog"])]]
    if tool == "git-cliff":
        return [[str(programs / tool), *(["--bumped-version"] if task == "version" else ["--unreleased"])]]
    if tool == "commitizen":
        version = ["bump", "--get-next", "--yes"]
        changelog = ["changelog", "--dry-run", "--start-rev", case.tag]
        return [[str(programs / "cz"), "--config", f"{name}.cz.toml", *(version if task == "version" else changelog)]]
    release = [str(programs / "semantic-release"), "--noop", "-c", f"{name}.release.toml"]
    return [[*release, *(["version", "--print"] if task == "version" else ["changelog"])]]


def measure(commands: Sequence[Sequence[str]], folder: Path) -> Measured | None:
    """Run commands, their output thrown away; None where that takes too long. What fails ends the benchmark."""
    variables = {**os.environ, **NOBODY, "PYTHONPATH": ""}
    memory, begin = 0, time.perf_counter()
    for words in commands:
        code, most = run_limited(words, folder, variables)
        if time.perf_counter() - begin >= LIMIT:
            return None
        if code != 0:
            raise SystemExit(f"{' '.join(words)} failed in {folder} with exit code {code}")
        memory = max(memory, most)
    return Measured(time.perf_counter() - begin, memory / 1024)


def run_limited(words: Sequence[str], folder: Path, variables: Mapping[str, str]) -> tuple[int, int]:
    """Run a program, ended with all it started when its time is over; give its exit code and its memory in KiB."""
    nothing = subprocess.DEVNULL
    child = subprocess.Popen(
        words, cwd=folder, env=variables, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )
    timer = threading.Timer(LIMIT, os.killpg, (child.pid, signal.SIGKILL))
    timer.start()
    try:
        _, status, usage = os.wait4(child.pid, 0)
    finally:
        timer.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_maxrss


def make_environment(folder: Path, requirement: str) -> None:
    """Make an environment that holds one tool."""
    subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    into = ["--quiet", "--compile-bytecode", "--python", str(folder / "bin" / "python")]
    subprocess.run(["uv", "pip", "install", *into, requirement], check=True)


def run_git(folder: Path, *words: str) -> None:
    """Run git, which has to work."""
    subprocess.run(["git", *words], cwd=folder, env={**os.environ, **NOBODY}, check=True)


def render(case: Case, task: str, medians: Mapping[str, Measured | None]) -> Iterator[str]:
    """Give the rows of one history and task."""
    floor = medians.get("floor")
    for tool, one in medians.items():
        head = f"{case.size:,} | {KINDS[case.kind]} | {task} | {tool}"
        if one is None:
            yield f"| {head} | > {LIMIT:.0f} s | | | |"
            continue
        times = f"{one.seconds / floor.seconds:.2f}" if floor else ""
        aim = f"{AIM}" if tool == SHIPWAY and case.size >= AIM_FROM else ""
        yield f"| {head} | {one.seconds * 1000:.0f} ms | {times} | {aim} | {one.memory:.0f} MiB |"


def main(argv: list[str]) -> int:
    """Measure, and print the table row by row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 1000, 10_000, 100_000])
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=list(TOOLS))
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--kinds", nargs="+", choices=tuple(KINDS), default=list(KINDS))
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args(argv)
    print(
        "| commits | tags | what | by | time | times the floor | aim | peak memory |\n|---|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        slow: set[tuple[str, str, str]] = set()
        for tool in {SHIPWAY, *asked.tools} - {"floor"}:
            report(f"installing {tool}")
            make_environment(folder / "environments" / tool, PEERS.get(tool, str(ROOT)))
        for size in asked.sizes:
            for kind in asked.kinds:
                report(f"making {size:,} commits, {KINDS[kind]}")
                case = make_history(folder / f"{kind}-{size}", size, kind)
                for task in asked.tasks:
                    tools = [tool for tool in asked.tools if (tool, kind, task) not in slow]
                    found = measure_all(case, task, tools, asked.runs, folder)
                    slow |= {(tool, kind, task) for tool, one in found.items() if one is None}
                    for row in render(case, task, {tool: found.get(tool) for tool in asked.tools}):
                        print(row, flush=True)
    return 0


def measure_all(case: Case, task: str, tools: Sequence[str], runs: int, folder: Path) -> dict[str, Measured | None]:
    """Give each tool's median time, and its largest memory; a first round warms the caches and is not counted.

    Of a tool that takes long the first run counts, and is the only one.
    """
    taken: dict[str, list[Measured]] = {}
    left = dict.fromkeys(tools)
    for number in range(runs + 1):
        for tool in [*left]:
            report(f"{case.size:,} commits, {KINDS[case.kind]}: {task} by {tool}, run {number} of {runs}")
            one = measure(commands_of(tool, task, case, folder / "environments"), case.folder)
            if one is not None and (number or one.seconds >= LONG):
                taken.setdefault(tool, []).append(one)
            if one is None or (number == 0 and one.seconds >= LONG):
                del left[tool]
    return {tool: summed(taken[tool]) if tool in taken else None for tool in tools}


def summed(runs: Sequence[Measured]) -> Measured:
    """Give the median time of some runs, and their largest memory."""
    return Measured(statistics.median(one.seconds for one in runs), max(one.memory for one in runs))


def report(text: str) -> None:
    """Tell people who wait what happens now."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
