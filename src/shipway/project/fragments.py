"""Fragments: those that the next release tells of, those that would be lost, and adding one."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from shipway.project.towncrier import Towncrier
from shipway.release.outcomes import ConflictError, UsageError

ALWAYS_FINE = (".gitignore", ".gitkeep", ".keep", "readme", "readme.md", "readme.rst")
"""What towncrier itself leaves out without a word."""
NO_FRAGMENTS = (
    "readme*",
    "howto*",
    "contributing*",
    "_*",
    "template*",
    "*.jinja*",
    "*.j2",
    "*.py",
    "*.toml",
    "index.*",
    "validate*",
)
"""What stands among fragments and is none, unless its name holds a type: texts that tell people how to write one."""
ISSUE = re.compile(r"[^\s./\\:*?\"<>|\x00-\x1f\x7f-\x9f-][^\s./\\:*?\"<>|\x00-\x1f\x7f-\x9f]{0,99}")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Fragment:
    """One entry of the next release's notes: its file, kind, issue ("" for none) and text."""

    path: Path
    kind: str
    issue: str
    counter: int
    text: str


@dataclass(frozen=True)
class Misnamed:
    """A file among the fragments that towncrier would leave out, or stumble over, and why."""

    path: Path
    why: str


@dataclass(frozen=True)
class Listing:
    """What the folders of fragments hold."""

    fragments: tuple[Fragment, ...]
    misnamed: tuple[Misnamed, ...]


def list_fragments(towncrier: Towncrier) -> Listing:
    """List the fragments and the misnamed files, by path."""
    fragments: list[Fragment] = []
    misnamed: list[Misnamed] = []
    for folder in dict.fromkeys(towncrier.folders):
        same: dict[tuple[str, str, int], Path] = {}
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if _is_fine(path, towncrier):
                continue
            found = _read(path, towncrier, same)
            if isinstance(found, Fragment):
                fragments.append(found)
            else:
                misnamed.append(found)
    return Listing(tuple(fragments), tuple(misnamed))


def parse_fragment_name(name: str, words: Iterable[str]) -> tuple[str, str, int] | None:
    """Read issue, kind and counter from a file's name as towncrier does; None where no kind is in it."""
    parts, known = name.split("."), set(words)
    for place in range(len(parts) - 1, 0, -1):
        if parts[place] in known:
            issue = ".".join(parts[:place]).strip()
            after = parts[place + 1] if len(parts) > place + 1 else ""
            return (str(int(issue)) if issue.isdigit() else issue, parts[place], int(after) if after.isdigit() else 0)
    return None


def add_fragment(towncrier: Towncrier, kind: str, text: str, issue: str = "") -> Path:
    """Write a fragment under a name that no other one has, and give its path."""
    if kind not in towncrier.words:
        raise _unknown_kind(kind, towncrier)
    content = _checked_text(text, towncrier)
    stem = issue or f"{towncrier.orphan_prefix}{secrets.token_hex(4)}"
    _check_issue(stem, kind, towncrier, is_orphan=not issue)
    folder = towncrier.folders[0]
    folder.mkdir(parents=True, exist_ok=True)
    taken = {(f.issue, f.kind, f.counter) for f in list_fragments(towncrier).fragments if f.path.parent == folder}
    for counter in range(MOST_COUNTED):
        name = f"{stem}.{kind}{f'.{counter}' if counter else ''}{towncrier.extension}"
        if (parse_fragment_name(name, towncrier.words) not in taken) and _create(folder / name, content):
            return folder / name
    raise ConflictError(f"{stem} has {MOST_COUNTED} fragments of kind {kind}", remedy="name another issue")


def _read(path: Path, towncrier: Towncrier, before: dict[tuple[str, str, int], Path]) -> Fragment | Misnamed:
    """Read a file as a fragment; ``before`` holds the entries of its folder so far, and gets this one."""
    name = parse_fragment_name(path.name, towncrier.words)
    if name is None:
        return Misnamed(path, _why_left_out(path, towncrier))
    if not path.is_file():
        return Misnamed(path, "it is not a file")
    issue, kind, counter = name
    if towncrier.orphan_prefix and issue.startswith(towncrier.orphan_prefix):
        return Fragment(path, kind, "", 0, _text_of(path))
    if issue and towncrier.issue_pattern and not re.fullmatch(towncrier.issue_pattern, issue):
        return Misnamed(path, f"{issue!r} is not like issue_pattern {towncrier.issue_pattern!r}")
    if name in before:
        return Misnamed(path, f"towncrier takes it for the same entry as {before[name].name}")
    before[name] = path
    return Fragment(path, kind, issue, counter, _text_of(path))


def _text_of(path: Path) -> str:
    return path.read_bytes().decode(errors="replace")


def _is_fine(path: Path, towncrier: Towncrier) -> bool:
    """Tell whether a file is left out on purpose."""
    name = path.name.lower()
    if path.is_dir() and (path.name == "__pycache__" or any(_is_within(f, path) for f in towncrier.folders)):
        return True
    fine = [*ALWAYS_FINE, *(pattern.lower() for pattern in towncrier.ignore or ())]
    if any(fnmatch(name, pattern) for pattern in fine) or name == (towncrier.template or "").lower():
        return True
    if parse_fragment_name(path.name, towncrier.words) is not None:
        return False
    if towncrier.ignore is not None:  # then the program refuses whatever it does not know
        return False
    return path.name.startswith(".") or any(fnmatch(name, pattern) for pattern in NO_FRAGMENTS)


def _is_within(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _why_left_out(path: Path, towncrier: Towncrier) -> str:
    if path.is_dir():
        return "towncrier does not look into folders"
    close = [match for part in path.name.split(".")[1:] for match in _closest(part, towncrier)]
    ask = f" (did you mean {close[0]}?)" if close else ""
    return f"its name holds none of the types {', '.join(towncrier.words)}{ask}"


def _closest(word: str, towncrier: Towncrier) -> list[str]:
    from difflib import get_close_matches  # only where a word is wrong

    return get_close_matches(word.lower(), towncrier.words, n=1)


def _unknown_kind(kind: str, towncrier: Towncrier) -> UsageError:
    close = _closest(kind, towncrier)
    ask = f" (did you mean {close[0]}?)" if close else ""
    return UsageError(f"{kind!r} is no type of fragment{ask}", remedy=f"say one of {', '.join(towncrier.words)}")


def _checked_text(text: str, towncrier: Towncrier) -> str:
    """Give the bytes-to-be of a fragment; what is empty or would not survive is refused."""
    body = text.replace("\r\n", "\n").strip()
    if not body:
        raise UsageError("a fragment needs a text", remedy="say what changed, in a sentence for users")
    if CONTROL.search(body):
        raise UsageError("the text holds control characters", remedy="say it in plain text")
    return body + ("\n" if towncrier.end_with_newline else "")


def _check_issue(stem: str, kind: str, towncrier: Towncrier, *, is_orphan: bool) -> None:
    """Refuse a name that is no file name, or that towncrier would not read as this issue."""
    if is_orphan and not towncrier.orphan_prefix:
        raise UsageError("this project wants an issue for every fragment", remedy="name the issue")
    name = f"{stem}.{kind}{towncrier.extension}"
    if not ISSUE.fullmatch(stem) or len(name.encode(errors="replace")) > 200:
        raise UsageError(f"{stem!r} cannot be part of a file's name", remedy="name the issue, such as 123")
    if any(fnmatch(name.lower(), pattern.lower()) for pattern in towncrier.ignore or ()):
        raise UsageError(f"{name} would be ignored", why=f"ignore in {towncrier.source} says so", remedy="name another")
    orphan = towncrier.orphan_prefix and stem.startswith(towncrier.orphan_prefix)
    if not orphan and towncrier.issue_pattern and not re.fullmatch(towncrier.issue_pattern, stem):
        raise UsageError(f"{stem!r} is not like issue_pattern {towncrier.issue_pattern!r}", remedy="name another issue")


def _create(path: Path, content: str) -> bool:
    """Write a new file whole or not at all; False where the name is taken."""
    draft = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        draft.write_bytes(content.encode())
        _name(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _name(draft: Path, path: Path) -> None:
    """Give a written file its name, unless the name is taken; some file systems have no hard links."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        with path.open("xb") as file:
            file.write(draft.read_bytes())
