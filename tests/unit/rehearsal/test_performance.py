"""What a rehearsal passes on of its child's words."""

from __future__ import annotations

from shipway.rehearsal.performance import until_error


def test_an_error_that_is_raised_here_is_not_passed_on_too() -> None:
    said: list[str] = []
    listen = until_error(said.append)
    for line in ("build     check", "", "did not converge: no", "  why:  because", "  next: again"):
        listen(line)
    assert said == ["build     check", ""]
