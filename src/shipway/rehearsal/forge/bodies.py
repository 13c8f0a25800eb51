"""Request bodies (RFC 9112): with a length or chunked, packed by gzip or plain, always read to the end."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from email.message import Message
from io import BufferedIOBase
from typing import IO

from shipway.rehearsal.watch import HangUpError

PIECE = 1 << 20


def read_body(source: BufferedIOBase, headers: Message) -> IO[bytes]:
    """Read a body into a temporary file that the caller closes."""
    raw: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    if "chunked" in headers.get("Transfer-Encoding", "").lower():
        _copy_chunks(source, raw)
    else:
        _copy(source, int(headers.get("Content-Length") or 0), raw)
    raw.seek(0)
    return _unpack(raw) if headers.get("Content-Encoding") == "gzip" else raw


def _unpack(raw: IO[bytes]) -> IO[bytes]:
    plain: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with raw, gzip.GzipFile(fileobj=raw) as packed:
        shutil.copyfileobj(packed, plain)
    plain.seek(0)
    return plain


def _copy_chunks(source: BufferedIOBase, target: IO[bytes]) -> None:
    while size := int(source.readline().partition(b";")[0].strip() or b"0", 16):
        _copy(source, size, target)
        source.readline()
    while source.readline().strip():
        pass


def _copy(source: BufferedIOBase, size: int, target: IO[bytes]) -> None:
    while size > 0:
        piece = source.read(min(size, PIECE))
        if not piece:
            raise HangUpError
        target.write(piece)
        size -= len(piece)
