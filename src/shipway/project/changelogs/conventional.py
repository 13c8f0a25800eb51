"""A changelog from commit messages by Conventional Commits: the history is the notes, and we write the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from packaging.version import Version

from shipway.changelog.convention import Convention
from shipway.changelog.frontier import DisorderError
from shipway.changelog.history import judge_history, noting_authors
from shipway.changelog.tally import Tally
from shipway.project.changelogs.commit_log import read_along, read_batches
from shipway.project.changelogs.contract import Content, Counted, Drafted, Preview, Span
from shipway.project.changelogs.names import find_changelog_file
from shipway.project.files import in_folder, write_file
from shipway.project.pyproject import PYPROJECT
from shipway.release.outcomes import NothingToReleaseError, ToolError, UsageError
from shipway.world.git import Git

if TYPE_CHECKING:
    from shipway.changelog.entries import Links
    from shipway.changelog.history import Batch

NEW_FILE = "CHANGELOG.md"
WHOLE = ":(top)"
"""What git calls the whole repository, from whatever folder."""
MOST_LOOKED_AT = 40_000
"""Characters of a changelog, from above, that show its titles."""
COMMITTING = 'git commit --allow-empty --message "fix: what changed, for users" && git push'
MOST_NAMED = 10
MOST_PEOPLE = 50
Result = TypeVar("Result")


@dataclass(frozen=True)
class CommitChangelog:
    """The commits of a work tree's history, and the file that is there, or will be.

    ``repository`` is the address at which people see it on its forge, "" for none, None for what the remote tells: with
    one entries have links, and the notes name who wrote them; with ``tag_format`` too they link to the whole change.
    ``paths`` are what git shall look at, where that is not everything that the convention looks at.
    """

    git: Git
    why: str
    kind: str = "conventional"
    advice: str = COMMITTING
    repository: str | None = None
    tag_format: str = ""
    paths: tuple[str, ...] = ()
    given: Convention | None = None

    @cached_property
    def convention(self) -> Convention:
        """How the commits are read: by the options of this repository and of the tools that it uses."""
        if self.given is not None:
            return self.given
        from shipway.project.conventions import read_convention
        from shipway.project.settings import find_setting

        root, environment = self.git.root, self.git.processes.environment
        names = ("changelog-sections", "squash-commits") if (root / PYPROJECT).is_file() else ()
        titles, squash = (*(find_setting(root, environment, name) for name in names), None, None)[:2]
        pairs = titles if isinstance(titles, tuple) else ()
        top = self.git.read("rev-parse", "--show-prefix").rstrip("/") if self.paths else ""
        convention = read_convention(
            in_folder(root),
            dict(one.split("=", 1) for one in pairs),
            squash=squash if isinstance(squash, bool) else None,
            above=in_folder(root.joinpath(*[".."] * len(top.split("/")))) if top else None,
            package=top,
        )
        if top and convention.file.startswith(f"{top}/"):
            return convention._replace(file=convention.file.removeprefix(f"{top}/"))
        if top and convention.paths[:1] == (WHOLE,):
            return convention._replace(file="../" * len(top.split("/")) + convention.file)
        return convention if convention.tool or pairs else self._as_before(convention)

    def _as_before(self, convention: Convention) -> Convention:
        """Give a convention whose titles are those of the file, where a program wrote the newest versions there."""
        found = find_changelog_file(self.git.root)
        if found is None:
            return convention
        from shipway.changelog.habits import follow_titles
        from shipway.changelog.outline import outline

        return follow_titles(convention, outline(found.text[:MOST_LOOKED_AT]))

    def content(self, span: Span) -> Content:
        """Say which level the commits ask for; they are read as git writes them, and none is kept."""
        return self._content(self._through(span, self._tally))

    @contextmanager
    def counting(self, span: Span) -> Iterator[Callable[[], Content]]:
        """Let git begin to walk, and the caller do something else; what is given goes on from there."""
        with ExitStack() as stack:
            begun: Iterator[Batch] | None = None
            with suppress(DisorderError):
                begun = stack.enter_context(read_along(self.git, span)) if self._can_go_along(span) else None
            yield lambda: self._count(span, begun)

    def _count(self, span: Span, begun: Iterator[Batch] | None) -> Content:
        if begun is not None:
            with suppress(DisorderError, ToolError):  # then all of it is read anew
                return self._content(self._tally(begun))
        return self.content(span)

    def _tally(self, batches: Iterable[Batch]) -> Tally:
        return Tally().take(judge_history(batches, self.convention))

    def _content(self, tally: Tally) -> Content:
        level = tally.level or (self.convention.fallback if tally.looked_at else "")
        counted = tuple(Counted(*one) for one in tally.counted())
        return Content(level, counted, tally.total, tally.version or self._asked)

    @property
    def _asked(self) -> str:
        """Give the version that the tool was told to make next; its configuration may still say it afterwards."""
        from shipway.release.version import find_version

        version = find_version(self.convention.asked) if self.convention.asked else None
        if version is None:
            return self.convention.asked
        from shipway.changelog.sections import find_section

        return self.convention.asked if find_section(self._text(version, date.min), version) is None else ""

    def place(self, version: Version, day: date) -> str:
        """Give the file: the one that the tool writes, the one that is there, or a new one."""
        del version, day
        told = self.convention.file
        if told and (self.git.root / told).is_file():
            return told
        found = find_changelog_file(self.git.root)
        return found.path if found is not None else told or NEW_FILE

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Name the one file."""
        return (self.place(version, day),)

    def is_written(self, version: Version) -> bool:
        """Nothing is, before a release."""
        del version
        return False

    @contextmanager
    def drafting(self, span: Span, version: Version, day: date) -> Iterator[Callable[[], Drafted]]:
        """Read the commits; none that counts is nothing to release."""
        yield lambda: self._draft(span, version, day)

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Read the commits."""
        notes, entries, tally = self._notes(span, version, day)
        return Preview(notes, entries, tuple(f"{what} {why}" for what, why in tally.foreign))

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Add nothing: an entry is a commit."""
        del words, issue, front
        why, remedy = "notes are made from commit messages by Conventional Commits", COMMITTING
        raise UsageError("commits are the changelog here, so there is nothing to add to it", why=why, remedy=remedy)

    def write(self, version: Version, day: date, notes: str) -> None:
        """Put the section into the file."""
        from shipway.changelog.insertion import insert_section

        inserted = insert_section(self._text(version, day), version, day, notes, rst=self._is_rst(version, day))
        write_file(self.git.root, self.place(version, day), inserted)

    def _text(self, version: Version, day: date) -> str:
        from shipway.changelog.insertion import NEW

        found = in_folder(self.git.root)(self.place(version, day))
        return found if found is not None else "" if self._is_rst(version, day) else NEW

    def _is_rst(self, version: Version, day: date) -> bool:
        return self.place(version, day).lower().endswith(".rst")

    def _draft(self, span: Span, version: Version, day: date) -> Drafted:
        from shipway.changelog.insertion import insert_section
        from shipway.project.changelogs.single import require_place

        notes, _, tally = self._notes(span, version, day)
        if not notes:
            raise _nothing(span, tally)
        inserted = insert_section(self._text(version, day), version, day, notes, rst=self._is_rst(version, day))
        require_place(inserted, version, notes, self.place(version, day))
        foreign, looked_at = tally.total.get("foreign", 0), sum(tally.total.values())
        remark = f"{foreign} of {looked_at} commits are not by Conventional Commits, and tell nothing"
        return Drafted(notes, remark if foreign and not self.convention.foreign.section else "")

    def _notes(self, span: Span, version: Version, day: date) -> tuple[str, int, Tally]:
        """Give the notes, of how many entries, and what was looked at."""
        from shipway.changelog.entries import Links, Notes
        from shipway.changelog.look import read_look

        look = read_look(self._text(version, day), self.convention.tool)

        def use(batches: Iterable[Batch]) -> tuple[Notes, Tally, set[bytes]]:  # git walks meanwhile
            page = "" if self._is_rst(version, day) or not look.links else self._page()
            authors = set[bytes]()
            notes = Notes(self.convention, Links(page) if page else None, look)
            items = judge_history(
                noting_authors(batches, authors) if page and look.closing else batches, self.convention
            )
            return notes, Tally().take(items, notes.show), authors

        notes, tally, authors = self._through(span, use)
        from shipway.changelog.insertion import find_spot

        spot = find_spot(self._text(version, day))
        rendered = notes.render(spot.level_inside, spot.rule if self._is_rst(version, day) else "")
        is_closed = look.closing and bool(rendered)
        closing = self._closing(span, version, notes.links, authors) if notes.links is not None and is_closed else ""
        return f"{rendered}{closing}", notes.entries, tally

    def _page(self) -> str:
        if self.repository is not None:
            return self.repository.removesuffix("/")
        from shipway.project.detection import find_page

        return find_page(self.git.find_remote_url(), self.git.processes.environment)

    def _closing(self, span: Span, version: Version, links: Links, authors: set[bytes]) -> str:
        """Name who wrote the commits, and link to the whole change."""
        from shipway.changelog.entries import as_entry
        from shipway.release.version import render_tag

        names = [author.decode("utf-8", "replace").strip() for author in authors]
        people = sorted({as_entry(name) for name in names if name and not name.endswith("[bot]")}, key=str.lower)
        lines = [f"Contributors: {', '.join(people[:MOST_PEOPLE])}"] if people else []
        if span.since and self.tag_format:
            before = self.git.run("describe", "--tags", "--exact-match", span.since, check=False).stdout.strip()
            tag = render_tag(version, self.tag_format)
            since = before or span.since[:12]
            lines.append(f"All changes: [{since}...{tag}]({links.compare(since, tag)})")
        return "".join(f"\n\n{line}" for line in lines)

    def _through(self, span: Span, use: Callable[[Iterable[Batch]], Result]) -> Result:
        """Let the commits of a span run through what uses them; where its start is not here, it is fetched first."""
        try:
            return self._along(span, use)
        except ToolError:
            if span.since is None or self.git.find_commit(span.since) is not None:
                raise
            self.git.fetch(span.since)
        return self._along(span, use)

    def _along(self, span: Span, use: Callable[[Iterable[Batch]], Result]) -> Result:
        """Read while git walks where that is exact."""
        if self._can_go_along(span):
            with suppress(DisorderError), read_along(self.git, span) as batches:
                return use(batches)
        with read_batches(self.git, span, self._pathspecs) as batches:
            return use(batches)

    @property
    def _pathspecs(self) -> tuple[str, ...]:
        """Give git's pathspecs; () for everything, with the commits that change no file."""
        paths = self.convention.paths or self.paths
        return () if paths == (WHOLE,) else paths

    def _can_go_along(self, span: Span) -> bool:
        return span.since is not None and not self._pathspecs


def _nothing(span: Span, tally: Tally) -> NothingToReleaseError:
    """Name the commits that were looked at, and why each does not count."""
    since = f"since {span.since[:9]}" if span.since else "in the history"
    named = [f"{what} {why}" for what, why in islice(tally.uncounted, MOST_NAMED)]
    more = sum(tally.total.values()) - len(named)
    why = "; ".join([*named, *([f"and {more} more ({tally.summary})"] if more > 0 else [])]) or "there is no commit"
    return NothingToReleaseError(f"no commit {since} tells users of a change", why=why, remedy=COMMITTING)
