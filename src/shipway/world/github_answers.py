"""GitHub's answers, read into a forge's words; one of another shape means that it could not be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from shipway.release.outcomes import UnavailableError
from shipway.world.forge import Asset, ForgeRelease, PullRequest

DIGEST_PREFIX = "sha256:"
ACTIONS = "github-actions"
"""The app as which the forge's own workflows report."""


class Fields:
    """One JSON object of an answer, whose fields are what the API says or an error."""

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, dict):
            raise UnavailableError(f"the forge's answer makes no sense: {what} is no JSON object", remedy="try again")
        self._value: Mapping[str, object] = value
        self._what = what

    def text(self, name: str) -> str:
        """Give a text."""
        value = self._value.get(name)
        return value if isinstance(value, str) else self._refuse(name)

    def text_or_empty(self, name: str) -> str:
        """Give a text that the API may leave out."""
        return "" if self._value.get(name) is None else self.text(name)

    def number(self, name: str) -> int:
        """Give a whole number."""
        value = self._value.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else self._refuse(name)

    def flag(self, name: str) -> bool:
        """Give a yes or no."""
        value = self._value.get(name)
        return value if isinstance(value, bool) else self._refuse(name)

    def flag_or_no(self, name: str) -> bool:
        """Give a yes or no that the API may leave out."""
        return False if self._value.get(name) is None else self.flag(name)

    def fields(self, name: str) -> Fields:
        """Give an object inside."""
        return Fields(self._value.get(name), f"{self._what}'s {name}")

    def optional_fields(self, name: str) -> Fields | None:
        """Give an object inside that the API may leave out."""
        return None if self._value.get(name) is None else self.fields(name)

    def objects(self, name: str) -> list[Fields]:
        """Give a list of objects inside."""
        return read_list(self._value.get(name), f"{self._what}'s {name}")

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of texts inside."""
        value = self._value.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._refuse(name)
        return tuple(value)

    def holds(self, name: str) -> bool:
        """Whether the API has left a field in."""
        return self._value.get(name) is not None

    def _refuse(self, name: str) -> NoReturn:
        what = f"the forge's answer makes no sense: {self._what} has no usable {name}"
        raise UnavailableError(what, remedy="try again")


def read_list(value: object, what: str) -> list[Fields]:
    """Give the objects of a JSON list."""
    if not isinstance(value, list):
        raise UnavailableError(f"the forge's answer makes no sense: {what} is no list", remedy="try again")
    return [Fields(item, what) for item in value]


def parse_pull_request(fields: Fields) -> PullRequest:
    """Read a pull request, as listed or alone: the listing says when it was merged, not whether."""
    head = fields.fields("head")
    return PullRequest(
        number=fields.number("number"),
        url=fields.text("html_url"),
        state=fields.text("state"),
        merged=bool(fields.text_or_empty("merged_at")),
        head_branch=head.text("ref"),
        head_commit=head.text("sha"),
        base_branch=fields.fields("base").text("ref"),
        body=fields.text_or_empty("body"),
        labels=tuple(label.text("name") for label in fields.objects("labels")),
    )


def is_from(fields: Fields, repository: str, branch: str) -> bool:
    """Tell whether a pull request comes from this branch of this repository, and not from a fork's."""
    head = fields.fields("head")
    source = head.optional_fields("repo")
    own = source is not None and source.text("full_name").lower() == repository.lower()
    return own and head.text("ref") == branch


def parse_release(fields: Fields) -> ForgeRelease:
    """Read a forge release."""
    return ForgeRelease(
        id=fields.number("id"),
        tag=fields.text("tag_name"),
        target=fields.text("target_commitish"),
        name=fields.text_or_empty("name"),
        body=fields.text_or_empty("body"),
        draft=fields.flag("draft"),
        prerelease=fields.flag("prerelease"),
        url=fields.text("html_url"),
        assets=tuple(parse_asset(asset) for asset in fields.objects("assets")),
        is_final=fields.flag_or_no("immutable"),
    )


def parse_asset(fields: Fields) -> Asset:
    """Read a file of a forge release; servers of some age give no digest."""
    digest = fields.text_or_empty("digest")
    return Asset(
        id=fields.number("id"),
        name=fields.text("name"),
        size=fields.number("size"),
        state=fields.text("state"),
        digest=digest.removeprefix(DIGEST_PREFIX) if digest.startswith(DIGEST_PREFIX) else None,
    )


def parse_passed(runs: list[Fields]) -> frozenset[str]:
    """Name the check runs that ended in success; one that also ended otherwise, or runs, has not passed."""
    own = [run for run in runs if _is_by_workflow(run)]
    passed = {run.text("name") for run in own if _succeeded(run)}
    return frozenset(passed - {run.text("name") for run in own if not _succeeded(run)})


def _is_by_workflow(run: Fields) -> bool:
    """Whether the forge's own workflows reported it, and no other app, which may call its checks what it likes."""
    app = run.optional_fields("app")
    return app is None or app.text_or_empty("slug") in ("", ACTIONS)


def _succeeded(run: Fields) -> bool:
    return run.text("status") == "completed" and run.text_or_empty("conclusion") == "success"
