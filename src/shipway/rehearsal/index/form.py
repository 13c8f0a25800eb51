"""Reads an upload's form: multipart/form-data (RFC 7578), which the standard library no longer does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser

from shipway.rehearsal.index.model import RefusedError


@dataclass(frozen=True)
class Form:
    """An upload: its text fields, and the name and bytes of the file it carries."""

    fields: Mapping[str, tuple[str, ...]]
    file_name: str = ""
    content: bytes | None = field(default=None, repr=False)

    def text(self, name: str) -> str:
        """Give a field's first value, stripped; empty where it is missing."""
        return self.fields.get(name, ("",))[0].strip()


def parse_form(content_type: str, body: bytes) -> Form:
    """Read a form's parts; raises `RefusedError` when this is no multipart form."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/form-data" or not boundary:
        raise RefusedError(400, "An upload is a multipart form.")
    fields: dict[str, tuple[str, ...]] = {}
    file_name, content = "", None
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, separator, payload = part.lstrip(b" \t").removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if not separator:
            raise RefusedError(400, "A part of the form has no content.")
        name, given = _disposition(head)
        if name == "content" and given is not None:
            file_name, content = given, payload
        else:
            fields[name] = (*fields.get(name, ()), payload.decode("utf-8", "replace"))
    return Form(fields, file_name, content)


def _disposition(head: bytes) -> tuple[str, str | None]:
    headers = BytesHeaderParser().parsebytes(head + b"\r\n\r\n")
    name = headers.get_param("name", header="Content-Disposition", unquote=True)
    return (name if isinstance(name, str) else ""), headers.get_filename()
