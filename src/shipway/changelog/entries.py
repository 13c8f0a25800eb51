"""Notes from commits: sections with an entry a commit, in which nothing is markup that we did not write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest

from shipway.changelog.commits import parse_change
from shipway.changelog.convention import Convention, issues_of
from shipway.changelog.history import Item, text_of
from shipway.changelog.look import OURS, Look
from shipway.changelog.plain import plain

CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
BEGINS_BLOCK = re.compile(
    r"(?=#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|(?:[-*_]\s*){3,}$|~~~|```|=+$|\[[^\]]*\]:|[0-9]{1,9}[.)](?:\s|$))"
)
SIMPLE = re.compile(r"[A-Za-z][A-Za-z0-9,.()'/`#*\"+=_-]*(?: [A-Za-z0-9,.()'/`#*\"+=_-]+)*")
"""A text that is one harmless line as it stands; a workflow command would need a colon, HTML its bracket."""
NUMBER = re.compile(r"[0-9]+(?=[.)])")
MARKS = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)")
"""What would be markup in a scope; an underscore within a word is none."""
PULL = re.compile(r"\((?:pull request )?#([0-9]{1,9})\)")
ISSUE = re.compile(r"(?<![\w&/\[#])#([0-9]{1,9})\b")


@dataclass(frozen=True)
class Links:
    """Where the forge shows commits, pull requests and issues: the address of the repository, as people see it."""

    repository: str

    def commit(self, identity: str, *, ticked: bool = False) -> str:
        """Give a short id with its link, written as code where it shall be."""
        shown = f"`{identity[:7]}`" if ticked else identity[:7]
        return f"[{shown}]({self.repository}/commit/{identity})"

    def pull(self, number: str) -> str:
        """Give a pull request's number with its link."""
        return f"[#{number}]({self.repository}/pull/{number})"

    def issue(self, number: str) -> str:
        """Give an issue's number with its link."""
        return f"[#{number}]({self.repository}/issues/{number})"

    def compare(self, since: str, tag: str) -> str:
        """Give the address that shows all changes."""
        return f"{self.repository}/compare/{since}...{tag}"


@dataclass
class Notes:
    """The entries of a version, as they come; kept is the text of what is shown, and nothing of the rest."""

    convention: Convention
    links: Links | None = None
    look: Look = OURS
    sections: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    def take(self, items: Iterable[Item]) -> None:
        """Add what the commits of a history tell."""
        for item in items:
            self.show(item)

    def show(self, item: Item) -> None:
        """Add what one commit tells."""
        place, identity, message, told, header = item
        if self.convention.subjects:
            told, header = tuple(one._replace(scope="", text=_subject(message)) for one in told), None
        if header is not None:
            (one,) = told
            if one.section:
                scope = header[2].decode("utf-8", "replace").strip() if header[2] else ""
                issues = self._issues(message, header.end()) if self.links is not None else ()
                self._put(one.section, place, identity, scope, text_of(message, header), issues)
            return
        for one in told:
            for breaking in one.breaking:
                self._put(self.convention.breaking.section, place, identity, one.scope, breaking, one.issues)
            if one.section:
                self._put(one.section, place, identity, one.scope, one.text, one.issues)

    def _issues(self, message: bytes, start: int) -> tuple[str, ...]:
        """Give the issues that a plain commit closes; its footers are below the line of its header."""
        end = message.find(b"\n", start)
        if end < 0 or message.find(b"#", end) < 0:
            return ()
        change = parse_change(message.decode("utf-8", "replace"))
        return issues_of(change) if change is not None else ()

    @property
    def entries(self) -> int:
        """How many there are."""
        return sum(map(len, self.sections.values()))

    def render(self, level: int = 3, rule: str = "") -> str:
        """Render the sections, ``level`` deep; with a rule in reStructuredText, as `Spot` has it."""
        order = dict.fromkeys([*self.convention.sections, *sorted(self.sections)])
        rendered = [self._section(name, level, rule) for name in order if name in self.sections]
        return "\n\n".join(rendered)

    def _section(self, name: str, level: int, rule: str) -> str:
        entries, order = self.sections[name], self.convention.order
        if order == "sorted":
            entries = sorted(entries, key=lambda entry: (entry[1].lower(), entry[0]))
        else:
            entries = sorted(entries, key=lambda entry: entry[0], reverse=order == "oldest")
        texts = [_in_rst(entry[2]) if rule else entry[2] for entry in entries]
        line = rule[:1] * _columns(name)
        titled = [*([line] if len(rule) > 1 else []), name, line] if rule else [f"{'#' * level} {name}"]
        return "\n".join([*titled, "", *texts])

    def _put(  # noqa: PLR0913, PLR0917 - the sides of an entry, tens of thousands of times
        self, section: str, place: int, identity: bytes, scope: str, text: str, issues: tuple[str, ...] = ()
    ) -> None:
        look, convention = self.look, self.convention
        pull = PULL.fullmatch(text, text.rfind("(")) if text.endswith(")") and "(" in text else None
        bare = text[: pull.start()].rstrip(" \t") if pull else text
        if convention.unique:
            key = (section, scope, bare)
            if key in self.seen:
                return
            self.seen.add(key)
        if convention.lowered:
            bare, text = bare.lower(), text.lower()
        if convention.capitalised:
            bare, text = _capitalised(bare), _capitalised(text)
        prefix = f"{look.mark} {look.scope.format(_escaped(scope))} " if scope else f"{look.mark} "
        harmless = _harmless if scope else as_entry
        if look.links and self.links is not None:
            ending = _ending(self.links, pull, identity, issues, look)
            line = f"{prefix}{self._linked(harmless(bare), self.links)}{ending}"
        elif look.links and look.ids:
            line = f"{prefix}{harmless(text)} ({identity[:7].decode()})"
        else:
            line = f"{prefix}{harmless(text)}"
        by = f"{scope}\0{bare}" if convention.order == "sorted" else ""
        self.sections.setdefault(section, []).append((place, by, line))

    def _linked(self, entry: str, links: Links) -> str:
        """Link the issues that a text names; code and links stay as they are."""
        if "#" not in entry or "`" in entry or "](" in entry:
            return entry
        return ISSUE.sub(lambda found: links.issue(found[1]), entry)


def render_notes(items: Iterable[Item], convention: Convention, level: int = 3, links: Links | None = None) -> str:
    """Render what counts; ``level`` is how deep the headings are."""
    notes = Notes(convention, links)
    notes.take(items)
    return notes.render(level)


def as_entry(text: str) -> str:
    """Give a text from a stranger on one line of Markdown that begins no block and holds no HTML."""
    if SIMPLE.fullmatch(text):
        return text
    line = _harmless(text)
    if BEGINS_BLOCK.match(line) is None:
        return line
    number = NUMBER.match(line)
    return f"{number[0]}\\{line[number.end() :]}" if number else f"\\{line}"


def _ending(links: Links, pull: re.Match[str] | None, identity: bytes, issues: tuple[str, ...], look: Look) -> str:
    """Give the links that an entry ends with: its pull request, its commit, and what it closes."""
    ends = [links.issue(pull[1]) if look.apart else links.pull(pull[1])] if pull else []
    if look.ids:
        ends.append(links.commit(identity.decode(), ticked=look.ticked))
    told = (") (" if look.apart else ", ").join(ends)
    closes = [links.issue(issue[1:]) for issue in issues]
    return (f" ({told})" if told else "") + (f", closes {', '.join(closes)}" if closes else "")


def _in_rst(entry: str) -> str:
    """Give an entry in reStructuredText: code has two marks there, and a word's last underscore would be a link."""
    parts = re.split(r"(`+[^`]+`+)", entry)
    texts = [re.sub(r"(?<=\w)_(?!\w)|\|", r"\\\g<0>", part).replace("&lt;", "<") for part in parts[::2]]
    codes = [f"``{part.strip('`')}``" for part in parts[1::2]]
    return "".join(one for pair in zip_longest(texts, codes, fillvalue="") for one in pair)


def _columns(title: str) -> int:
    """Count the columns that a title takes, as docutils does: signs of East Asia and most emoji take two."""
    if title.isascii():
        return len(title)
    import unicodedata

    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in title)
    return len(title) + wide


def _subject(message: bytes) -> str:
    return message.decode("utf-8", "replace").strip("\ufeff \t\r\n").partition("\n")[0].rstrip()


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _harmless(text: str) -> str:
    """Give a text on one line, without controls, in which ``<`` opens nothing; code stays as it is."""
    if SIMPLE.fullmatch(text):
        return text
    line = " ".join(plain(text).split())
    if "\\" in line or "<!--" in line:
        return line.replace("<", "&lt;")  # who knows what is code here
    kept, end = [], 0
    for code in CODE.finditer(line):
        kept += [line[end : code.start()].replace("<", "&lt;"), code[0]]
        end = code.end()
    return "".join([*kept, line[end:].replace("<", "&lt;")])


@lru_cache(maxsize=500)
def _escaped(text: str) -> str:
    return MARKS.sub(r"\\\g<0>", " ".join(plain(text).split())).replace("<", "&lt;")
