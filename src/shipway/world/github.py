"""GitHub's REST API as a forge: one repository, one token, and only this server gets to see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode, urlsplit

from shipway.release.outcomes import BlockedError, ConfigurationError, UnavailableError
from shipway.world.forge import Asset, ForgeRelease, PullRequest
from shipway.world.github_answers import (
    Fields,
    is_from,
    parse_asset,
    parse_passed,
    parse_pull_request,
    parse_release,
    read_list,
)
from shipway.world.github_refusals import refusal, unseen
from shipway.world.http import Http
from shipway.world.http_exchange import Response, origin

API_VERSION = "2022-11-28"
TOKEN_VARIABLES = ("GITHUB_TOKEN", "GH_TOKEN")
PAGE = "100"
UPLOAD_SECONDS = 300
PROBE_TAG = "shipway-asks-whether-it-may-write"
BYTES = "application/octet-stream"
AGAIN = "run again: it looks what is there first"


class GitHub:
    """One repository on GitHub, or on a server that speaks its REST API; implements `Forge`."""

    def __init__(self, http: Http, api_url: str, repository: str) -> None:
        self.http = http
        self.api_url = api_url.rstrip("/")
        self.repository = repository
        self._token = (http.environment.find(*TOKEN_VARIABLES) or "").strip()
        self._sees_drafts = False
        if self._token and not _keeps_secrets(self.api_url):
            where = http.environment.redact(self.api_url)
            what = f"the token is not sent to {where}: without TLS others can read it"
            raise ConfigurationError(what, remedy="set forge-url in [tool.shipway] to its https address")

    def find_pull_requests(self, head_branch: str) -> tuple[PullRequest, ...]:
        """Give every pull request from this branch of the repository, open or closed."""
        owner = self.repository.partition("/")[0]
        query = {"state": "all", "head": f"{owner}:{head_branch}", "per_page": PAGE}
        found = self._list("/pulls", query, "list pull requests")
        # A server that does not understand the filter gives everything: look for ourselves.
        return tuple(parse_pull_request(item) for item in found if is_from(item, self.repository, head_branch))

    def open_pull_request(self, *, title: str, body: str, head: str, base: str) -> PullRequest:
        """Open a pull request from branch ``head`` to branch ``base``."""
        wanted = {"title": title, "body": body, "head": head, "base": base}
        answer = self._change("POST", "/pulls", wanted, "open a pull request")
        return parse_pull_request(Fields(answer.json(), "the pull request"))

    def add_labels(self, number: int, labels: Sequence[str]) -> None:
        """Put labels on a pull request."""
        path = f"/issues/{number}/labels"
        self._change("POST", path, {"labels": list(labels)}, "label a pull request")

    def find_releases(self, tag: str) -> tuple[ForgeRelease, ...]:
        """Give every forge release for a tag, drafts too; raises when drafts are hidden from this token."""
        found = tuple(release for release in self.list_releases() if release.tag == tag)
        self._require_sight_of_drafts()
        return found

    def list_releases(self) -> tuple[ForgeRelease, ...]:
        """Give every forge release that this token may see."""
        found = self._list("/releases", {"per_page": PAGE}, "list forge releases")
        return tuple(parse_release(item) for item in found)

    def read_release(self, release_id: int) -> ForgeRelease | None:
        """Give one forge release by its id, which shows what a lagging listing does not yet; None if gone."""
        found = self._read_release(release_id)
        return None if found is None else parse_release(found)

    def find_published(self, tag: str) -> ForgeRelease | None:
        """Give the forge release of a tag that everybody sees; a draft is none."""
        answer = self._get(f"/releases/tags/{quote(tag, safe='')}")
        if answer.status == 404:
            self._require_sight()
            return None
        self._require(answer, "read a forge release")
        return parse_release(Fields(answer.json(), "the forge release"))

    def create_draft(self, *, tag: str, target: str, name: str, body: str, prerelease: bool) -> ForgeRelease:
        """Create a draft that nobody sees and that makes no tag."""
        wanted = {"tag_name": tag, "target_commitish": target, "name": name, "body": body}
        flags = {"draft": True, "prerelease": prerelease}
        answer = self._change("POST", "/releases", wanted | flags, "create a forge release")
        return parse_release(Fields(answer.json(), "the forge release"))

    def upload_asset(self, release_id: int, path: Path, name: str = "") -> Asset:
        """Put a file into a forge release, under its own name or another one."""
        release = self._read_release(release_id)
        if release is None:
            raise BlockedError(f"the forge release {release_id} is gone", remedy=AGAIN)
        url = f"{self._upload_url(release)}?{urlencode({'name': name or path.name})}"
        with path.open("rb") as stream:
            answer = self._send(url, stream)
        self._require(answer, "upload to a forge release")
        return parse_asset(Fields(answer.json(), "the asset"))

    def read_asset(self, asset_id: int) -> bytes | None:
        """Give the bytes of a file of a forge release; None if it is gone.

        They mostly come from a storage elsewhere, which does not get the token.
        """
        headers = self._headers() | {"Accept": BYTES}
        answer = self.http.request("GET", self._url(f"/releases/assets/{asset_id}"), headers=headers)
        if answer.status == 404:
            self._require_sight_of_drafts()
            return None
        self._require(answer, "read a file of a forge release")
        return answer.content

    def delete_asset(self, asset_id: int) -> None:
        """Take a file out of a forge release; one that is gone already is fine."""
        path = f"/releases/assets/{asset_id}"
        self._change("DELETE", path, None, "delete from a forge release", gone=True)

    def publish_release(self, release_id: int, *, latest: bool) -> ForgeRelease:
        """Turn a draft into a published forge release."""
        wanted = {"draft": False, "make_latest": "true" if latest else "false"}
        path = f"/releases/{release_id}"
        answer = self._change("PATCH", path, wanted, "publish a forge release")
        return parse_release(Fields(answer.json(), "the forge release"))

    def delete_release(self, release_id: int) -> None:
        """Delete a draft; one that is gone is fine, and one that anybody has published is refused."""
        found = self.read_release(release_id)
        if found is None:
            return
        if not found.draft:
            why = "what people can see is not deleted"
            raise BlockedError(f"the forge release {found.url} is published", why=why, remedy=AGAIN)
        self._change("DELETE", f"/releases/{release_id}", None, "delete a draft", gone=True)

    def passed_checks(self, commit: str) -> frozenset[str]:
        """Name the checks that ended in success for a commit, and in nothing else."""
        path = f"/commits/{quote(commit, safe='')}/check-runs"
        # A commit that the forge does not have is answered with 422: nothing has passed for it.
        pages = self._pages(path, {"per_page": PAGE}, "list check runs", nothing=422)
        return parse_passed([run for page in pages for run in Fields(page, "the listing").objects("check_runs")])

    def run_has_ended(self, run_id: str) -> bool | None:
        """Tell whether a CI run has ended; None where the forge cannot say: no such run, or hidden from us."""
        if not (run_id.isascii() and run_id.isdecimal()):
            return None  # the run of another CI system
        answer = self._get(f"/actions/runs/{run_id}")
        if 200 <= answer.status < 300:
            return Fields(answer.json(), "the CI run").text_or_empty("status") == "completed"
        error = refusal(self.http, answer, "read a CI run")
        if answer.status in (403, 404) and isinstance(error, BlockedError):
            return None
        raise error

    def _read_release(self, release_id: int) -> Fields | None:
        answer = self._get(f"/releases/{release_id}")
        if answer.status == 404:
            self._require_sight_of_drafts()
            return None
        self._require(answer, "read a forge release")
        return Fields(answer.json(), "the forge release")

    def _require_sight_of_drafts(self) -> None:
        """Raise where the forge hides drafts from this token: then "no draft" would be no answer."""
        if self._sees_drafts:
            return
        repository = self._require_sight()
        permissions = repository.optional_fields("permissions")
        may_push = permissions is not None and permissions.flag("push")
        if not may_push and not self._may_write(repository.text("default_branch")):
            why = "GitHub lists them to tokens that may write contents only"
            remedy = "give the token (GITHUB_TOKEN or GH_TOKEN) the permission contents: write"
            raise UnavailableError("drafts of forge releases are hidden from us", why=why, remedy=remedy)
        self._sees_drafts = True

    def _require_sight(self) -> Fields:
        """Give the repository; raises where the forge hides it: then "not there" would be no answer."""
        answer = self._get("")
        if answer.status == 404:
            raise unseen(self.repository)
        self._require(answer, "read the repository")
        return Fields(answer.json(), "the repository")

    def _may_write(self, branch: str) -> bool:
        """Ask for notes that are stored nowhere, which takes the permission to write contents.

        The repository's own answer says ``push: false`` for every token of an app, the one of a workflow too.
        """
        if not self._token:
            return False
        wanted = {"tag_name": PROBE_TAG, "target_commitish": branch}
        url = self._url("/releases/generate-notes")
        answer = self.http.request("POST", url, headers=self._headers(), json=wanted)
        if answer.status in (200, 422):
            return True
        error = refusal(self.http, answer, "ask what the token may do")
        if answer.status in (403, 404) and isinstance(error, BlockedError):
            return False
        raise error

    def _list(self, path: str, query: dict[str, str], doing: str) -> Iterator[Fields]:
        """Go through a listing, page by page."""
        for page in self._pages(path, query, doing):
            yield from read_list(page, "the listing")

    def _pages(self, path: str, query: dict[str, str], doing: str, *, nothing: int = 0) -> Iterator[object]:
        """Ask for each page of a listing; ``nothing`` is a status that means that there is none."""
        for answer in self.http.pages(f"{self._url(path)}?{urlencode(query)}", headers=self._headers()):
            if answer.status == nothing:
                return
            if answer.status == 404:
                raise unseen(self.repository)
            self._require(answer, doing)
            yield answer.json()

    def _get(self, path: str) -> Response:
        return self.http.request("GET", self._url(path), headers=self._headers())

    def _change(self, method: str, path: str, wanted: object, doing: str, *, gone: bool = False) -> Response:
        """Send a change, once; ``gone`` says that a 404 is as good."""
        self._require_token(doing)
        answer = self.http.request(method, self._url(path), headers=self._headers(), json=wanted)
        if not (gone and answer.status == 404):
            self._require(answer, doing)
        return answer

    def _send(self, url: str, stream: IO[bytes]) -> Response:
        self._require_token("upload to a forge release")
        headers = self._headers() | {"Content-Type": BYTES}
        return self.http.request("POST", url, headers=headers, data=stream, timeout=UPLOAD_SECONDS)

    def _require(self, answer: Response, doing: str) -> None:
        if not 200 <= answer.status < 300:
            raise refusal(self.http, answer, doing)

    def _require_token(self, doing: str) -> None:
        if not self._token:
            remedy = f"set {' or '.join(TOKEN_VARIABLES)}"
            raise BlockedError(f"there is no token, and without one the forge lets nobody {doing}", remedy=remedy)

    def _upload_url(self, release: Fields) -> str:
        """Give where a release takes files: on the API's own server, or on GitHub's one for uploads."""
        url = release.text("upload_url").partition("{")[0]
        scheme, host, port = origin(self.api_url)
        if origin(url) not in ((scheme, host, port), (scheme, f"uploads.{host.removeprefix('api.')}", port)):
            what = "the forge wants uploads on another server, which does not get the token"
            raise UnavailableError(what, why=self.http.environment.redact(url), remedy="check forge-url")
        return url

    def _url(self, path: str) -> str:
        return f"{self.api_url}/repos/{quote(self.repository)}{path}"

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION}
        return headers | ({"Authorization": f"Bearer {self._token}"} if self._token else {})


def _keeps_secrets(url: str) -> bool:
    """Tell whether nobody on the way can read what is sent: TLS, or this very machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" or host in ("localhost", "::1") or host.startswith("127.")
