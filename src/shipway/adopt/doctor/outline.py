"""The outline of a YAML file: mappings, lists and texts, as workflow files are written.

Enough of YAML to see who may do what; everything is text. What is beyond it (anchors, tabs, several documents) raises
`ValueError`, so that nothing is taken for absent which was merely not understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Node = str | list["Node"] | dict[str, "Node"]

KEY = re.compile(r"""(?P<key>"[^"]*"|'[^']*'|[^\s"'#&*!?|>\[\]{},][^#]*?)\s*:(?:\s+(?P<value>.*))?$""")
BLOCK = re.compile(r"[|>][-+0-9]*(\s+#.*)?$")
COMMENT = re.compile(r"(^|\s)#.*$")
BEYOND = ("&", "*", "!", "? ", "<<:", "%", "---", "...")


@dataclass(frozen=True)
class Row:
    """One line: its number, indentation and words."""

    number: int
    indent: int
    text: str


def parse_outline(text: str) -> Node:
    """Parse a file; raises `ValueError` that names the line it does not understand."""
    reader = _Reader(text.removeprefix("\ufeff").splitlines())
    node = reader.node(0)
    if (rest := reader.peek()) is not None:
        raise _beyond(rest.number)
    return node


class _Reader:
    """Goes through the lines once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._at = 0
        self._pushed: Row | None = None

    def peek(self) -> Row | None:
        """Give the next line that says something, and stay before it."""
        if self._pushed is not None:
            return self._pushed
        while self._at < len(self._lines):
            line = self._lines[self._at]
            words = line.strip()
            is_start = words == "---" and not any(earlier.strip("- ") for earlier in self._code_before())
            if words and not words.startswith("#") and not is_start:
                if "\t" in line[: len(line) - len(line.lstrip())] or words.startswith(BEYOND):
                    raise _beyond(self._at + 1)
                return Row(self._at + 1, len(line) - len(line.lstrip(" ")), words)
            self._at += 1
        return None

    def node(self, indent: int) -> Node:
        """Read what stands at this indentation or deeper."""
        row = self.peek()
        if row is None or row.indent < indent:
            return ""
        if row.text == "-" or row.text.startswith("- "):
            return self._list(row.indent)
        return self._mapping(row.indent) if KEY.match(row.text) else self._scalar(row.indent)

    def _code_before(self) -> list[str]:
        return [line for line in self._lines[: self._at] if not line.lstrip().startswith("#")]

    def _take(self) -> Row:
        row = self.peek()
        assert row is not None  # noqa: S101 - the caller has seen it
        if self._pushed is not None:
            self._pushed = None
        self._at = row.number
        return row

    def _list(self, indent: int) -> Node:
        items: list[Node] = []
        while (row := self.peek()) is not None and row.indent == indent and (row.text + " ").startswith("- "):
            inner = row.text[1:].lstrip()
            if not inner or inner.startswith("#"):
                self._take()
                items.append(self.node(indent + 1))
            else:  # what follows the dash stands at its own place
                self._pushed = Row(row.number, indent + len(row.text) - len(inner), inner)
                items.append(self.node(indent + 1))
        return items

    def _mapping(self, indent: int) -> Node:
        found: dict[str, Node] = {}
        while (row := self.peek()) is not None and row.indent == indent and (matched := KEY.match(row.text)):
            self._take()
            key = matched["key"].strip("\"'")
            if key == "<<" or key in found:
                raise _beyond(row.number)
            found[key] = self._value((matched["value"] or "").strip(), indent, row.number)
        return found

    def _value(self, value: str, indent: int, number: int) -> Node:
        if BLOCK.match(value):
            return self._block(indent)
        if not value or value.startswith("#"):
            row = self.peek()
            is_list = row is not None and row.indent == indent and (row.text + " ").startswith("- ")
            return self.node(indent if is_list else indent + 1)
        if value.startswith(("&", "*", "!")):
            raise _beyond(number)
        while value[0] in "[{" and not _is_whole(value):
            if self.peek() is None:
                raise _beyond(number)
            value += " " + self._take().text
        while value[0] not in "[{" and (row := self.peek()) is not None and row.indent > indent:
            value += " " + self._take().text
        return _flow(value, number)

    def _scalar(self, indent: int) -> Node:
        row = self._take()
        value = row.text
        while value[0] not in "[{" and (following := self.peek()) is not None and following.indent > indent:
            value += " " + self._take().text
        return _flow(value, row.number)

    def _block(self, indent: int) -> str:
        """Take the lines of a text that stand deeper, as they are."""
        taken = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                break
            taken.append(line.strip())
            self._at += 1
        return "\n".join(taken).strip()


def _flow(text: str, number: int) -> Node:
    """Parse a value on one line: quoted, in brackets, in braces, or plain."""
    value = text.strip()
    if value[:1] in ("'", '"'):
        end = value.find(value[0], 1)
        return value[1:end] if end > 0 else value[1:]
    value = COMMENT.sub("", value).strip()
    if value[:1] == "[" and value.endswith("]"):
        return [_flow(part, number) for part in _split(value[1:-1])]
    if value[:1] == "{" and value.endswith("}"):
        pairs = [part.partition(":") for part in _split(value[1:-1])]
        return {key.strip().strip("\"'"): _flow(inner, number) for key, _, inner in pairs}
    if value[:1] in ("[", "{"):
        raise _beyond(number)
    return value


def _split(text: str) -> list[str]:
    """Split at the commas that stand in no bracket and no quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [part for part in [*parts, text[start:]] if part.strip()]


def _is_whole(text: str) -> bool:
    return text.count("[") == text.count("]") and text.count("{") == text.count("}")


def _beyond(number: int) -> ValueError:
    return ValueError(f"line {number} is written in a way that is not understood here")
