"""Why an upload failed, told apart by the status that twine and uv pass on: wait, no permission, never, or unknown.

The index is looked at before and after, so these words decide nothing about what is there; they say what to do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from packaging.version import Version

from shipway.grammar import THEN, command_line
from shipway.release.outcomes import BlockedError, ConflictError, ReleaseError, ToolError, UnavailableError
from shipway.release.succession import following
from shipway.world.http_exchange import quote_text
from shipway.world.index_project import find_identity

STATUS = re.compile(r"(?:HTTPError:|status code)\s+(\d{3})\b")
BROKEN_OFF = re.compile(r"(ConnectionError|ConnectTimeout|ReadTimeout|ChunkedEncodingError|error sending request)\b")
USED_BEFORE = ("already been used", "already exists")
"""How the big index says that it takes a file name only once; other servers answer 409."""


def upload_failure(error: ToolError, files: Sequence[Path]) -> ReleaseError:
    """Give what a failed upload of these files means; the program's own error where its words tell nothing."""
    name = _last_named(error.why, [file.name for file in files])
    found = STATUS.search(error.why)
    if found:
        return _of_status(int(found[1]), name, quote_text(error.why[found.start(1) :])) or error
    if broken := BROKEN_OFF.search(error.why):
        why = f"{quote_text(error.why[broken.start() :])}; the next run looks what has arrived"
        return UnavailableError("the upload was broken off", why=why)
    return error


def used_up(version: Version | str) -> str:
    """Say what to do about a version that can never be whole on the index: let it go, and release the next one."""
    after = str(following(Version(str(version))))
    return f"{version} is used up: {command_line('abandon', '--used-up')}{THEN}{command_line('release', after)}"


def _of_status(status: int, name: str, words: str) -> ReleaseError | None:
    """Give what an index means by a status; None for one that is no judgement on a file."""
    if status == 429 or status >= 500:
        return UnavailableError(f"the index takes no upload of {name} now", why=words)
    if status in (401, 403):
        remedy = "give credentials that may upload it, then run the same command again"
        return BlockedError(f"the index does not let us upload {name}", why=words, remedy=remedy)
    identity = find_identity(name)
    if identity and (status == 409 or (status == 400 and any(text in words for text in USED_BEFORE))):
        what = f"the index had a file {name} before, and takes a name only once"
        return ConflictError(what, why=words, remedy=used_up(identity[1]))
    if status in (400, 413, 415, 422):
        remedy = f"{command_line('abandon', '--used-up')}{THEN}mend what it names and release again"
        return BlockedError(f"the index refuses {name}", why=words, remedy=remedy)
    return None


def _last_named(words: str, names: Sequence[str]) -> str:
    """Give the file that was sent last: both programs name each before they send it."""
    return max(names, key=words.rfind)
