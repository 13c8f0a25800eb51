"""Files that git would leave out of a commit: a fresh clone would lack them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shipway.adopt.vendoring.place import Place
from shipway.release.outcomes import BlockedError, ToolError
from shipway.world.process import Processes, tail


def require_seen(place: Place, names: Sequence[str], processes: Processes) -> None:
    """Refuse a place for a package of which git ignores files."""
    asked = [f"{place.name}/{name}" for name in names]
    ignored = find_ignored(place.root, asked, processes)
    if not ignored:
        return
    above = [f"!/{parent.as_posix()}/" for parent in reversed(Path(place.folder).parents[:-1])]
    patterns = [*above, f"!/{place.folder}/", f"!/{place.name}/**", "__pycache__/"]
    quoted = " ".join(f"'{pattern}'" for pattern in patterns)
    more = f" and {len(ignored) - 1} more" if len(ignored) > 1 else ""
    raise BlockedError(
        f"git ignores {ignored[0]}{more}",
        why="a fresh clone would lack them",
        remedy=f"printf '%s\\n' '' {quoted} >> .gitignore",
    )


def find_ignored(root: Path, names: Sequence[str], processes: Processes) -> list[str]:
    """Name the files that git ignores and does not have yet."""
    asked = "".join(f"{name}\0" for name in names)
    done = processes.run(["git", "check-ignore", "--stdin", "-z"], cwd=root, stdin=asked, check=False)
    if done.code not in (0, 1):
        why = processes.environment.redact(tail(done.stderr))
        raise ToolError("git could not be asked what it ignores", why=why, remedy="git status")
    return [name for name in done.stdout.split("\0") if name]
