# /// script
# requires-python = ">=3.10"
# dependencies = ["packaging", "requests", "tomli; python_version < '3.11'", "tomlkit", "urllib3"]
# ///
"""Race for the register with real git: rounds of eight claims at once, each from a clone of its own.

    python scripts/race_register.py [ROUNDS]

After every round exactly one has won, everybody agrees who, and branch and register are of the same one.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from end_to_end.support import git  # noqa: E402
from shipway.world.git import Lost, Swapped, Won  # noqa: E402
from shipway.world.register import Register  # noqa: E402
from world.register_support import clone_of, make_claim, make_remote, register_in  # noqa: E402

RACERS = 8
BRANCH = "refs/heads/release/1.3.0"


def race(folder: Path, rounds: int) -> Counter[str]:
    """Run the rounds; give how often there was one winner, and raise at the first round with another number."""
    remote = make_remote(folder)
    registers = [register_in(clone_of(remote, f"clone-{number}")) for number in range(RACERS)]
    told: Counter[str] = Counter()
    with ThreadPoolExecutor(RACERS) as pool:
        for number in range(rounds):
            start = threading.Barrier(RACERS)
            claims = [(register, start, f"{number}-{racer}") for racer, register in enumerate(registers)]
            answers = list(pool.map(lambda words: _claim(*words), claims))
            _judge(remote, number, answers)
            told.update(type(answer).__name__ for answer, _, _ in answers)
            git(remote, "update-ref", "-d", BRANCH)
    return told


def _claim(register: Register, start: threading.Barrier, nonce: str) -> tuple[Swapped, str, str]:
    """Claim at the same moment as everybody else; give the answer, the register's commit and the release commit."""
    claim, files = make_claim(register.repository, nonce)
    old = register.find_tip()
    if old:
        register.read(old)
    commit = register.write(claim, files, old)
    start.wait()
    return register.swap(old, commit, {BRANCH: ("", claim.commit)}), commit, claim.commit


def _judge(remote: Path, number: int, answers: list[tuple[Swapped, str, str]]) -> None:
    winners = [(commit, release) for answer, commit, release in answers if isinstance(answer, Won)]
    tip = git(remote, "rev-parse", "refs/shipway/acme-widgets/main")
    if [(tip, git(remote, "rev-parse", BRANCH))] != winners:
        raise SystemExit(f"round {number}: {len(winners)} winners, and the register holds {tip}")
    if {answer.found for answer, _, _ in answers if isinstance(answer, Lost)} != {tip}:
        raise SystemExit(f"round {number}: the losers do not agree who won")


def main(argv: list[str]) -> int:
    """Race as often as asked, and print what came of it."""
    rounds = int(argv[0]) if argv else 300
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = race(Path(folder), rounds)
    seconds = time.monotonic() - began
    print(f"{rounds} rounds of {RACERS} claims at once: {dict(told)}; one winner in each; {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
