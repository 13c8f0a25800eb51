"""What GitHub says no with, told apart; and answers that nobody should believe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shipway.release.outcomes import BlockedError, ConfigurationError, ConflictError, ReleaseError, UnavailableError
from shipway.world.environment import Environment
from shipway.world.github import GitHub
from shipway.world.http import Http
from world.http_support import CountingClock, Reply, ScriptedServer
from world.openapi_support import Exchange, hold

CANARY = "canary-1b7e6d"
REPO = "/repos/acme/widgets"
PULL = {
    "number": 7,
    "html_url": "http://h/7",
    "state": "closed",
    "merged_at": None,
    "head": {"ref": "r", "sha": "1" * 40, "repo": {"full_name": "Acme/Widgets"}},
    "base": {"ref": "main"},
    "body": None,
    "labels": [],
}
RELEASE = {
    "id": 5,
    "tag_name": "v1",
    "target_commitish": "main",
    "name": None,
    "body": None,
    "draft": True,
    "prerelease": False,
    "html_url": "http://h/5",
    "assets": [],
}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


def github_at(url: str, **variables: str) -> GitHub:
    http = Http(Environment({"GITHUB_TOKEN": CANARY, **variables}), CountingClock())
    return GitHub(http, url, "acme/widgets")


@pytest.fixture
def github(server: ScriptedServer) -> GitHub:
    return github_at(server.url)


def error_of(github: GitHub) -> ReleaseError:
    with pytest.raises(ReleaseError) as caught:
        github.open_pull_request(title="t", body="b", head="r", base="main")
    assert CANARY not in caught.value.render()
    return caught.value


def no(status: int, message: str, *, errors: object = None, **headers: str) -> Reply:
    body = {"message": message, **({"errors": errors} if errors is not None else {})}
    return Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


REFUSALS = [
    (no(403, "You have exceeded a secondary rate limit."), UnavailableError, "try again in a few minutes"),
    (no(403, "API limit", X_RateLimit_Remaining="0", X_RateLimit_Reset="1"), UnavailableError, "again in 1 s"),
    (no(401, "Bad credentials"), BlockedError, "a token that is valid"),
    (no(403, "Resource not accessible by integration"), BlockedError, "pull_requests: write"),
    (no(404, "Not Found"), BlockedError, "pull_requests: write"),
    (
        no(403, "Resource not accessible", X_Accepted_GitHub_Permissions="pull_requests=write; contents=read"),
        BlockedError,
        "the permission pull_requests: write; contents: read",
    ),
    (no(403, "no", X_Accepted_GitHub_Permissions="<::error::>"), BlockedError, "pull_requests: write"),
    (no(403, "GitHub Actions is not permitted to create or approve"), BlockedError, "allow GitHub Actions"),
    (no(403, "Repository rule violations found"), BlockedError, "change the rule"),
    (no(422, "Validation", errors=[{"message": "protected branch hook"}]), BlockedError, "change the rule"),
    (no(422, "Validation Failed", errors=[{"code": "already_exists"}]), ConflictError, "looks what is there"),
    (no(422, "Validation Failed", errors=["A pull request already exists for a:b"]), ConflictError, ""),
    (no(422, "Validation Failed", errors="odd"), BlockedError, "mend what it names"),
    (no(409, "Conflict"), BlockedError, "mend what it names"),
    (Reply(422, "no json"), BlockedError, "mend what it names"),
    (Reply(422, [1]), BlockedError, "mend what it names"),
    (Reply(301, {}, {"Location": "/repositories/1"}), BlockedError, "set repository"),
    (Reply(418, "teapot"), UnavailableError, "try again"),
]


@pytest.mark.parametrize(("reply", "kind", "remedy"), REFUSALS)
def test_each_refusal_has_its_outcome_and_its_remedy(
    server: ScriptedServer, github: GitHub, reply: Reply, kind: type[ReleaseError], remedy: str
) -> None:
    server.on(f"POST {REPO}/pulls", reply)
    error = error_of(github)
    assert type(error) is kind
    assert remedy in error.remedy
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [403, 404, 418, 422, 429, 500])
def test_a_token_that_comes_back_in_a_refusal_is_masked(server: ScriptedServer, github: GitHub, status: int) -> None:
    server.on(f"POST {REPO}/pulls", no(status, f"\x1b[1mheader was Authorization: Bearer {CANARY}\n::error::x"))
    error = error_of(github)
    assert "***" in error.why
    assert all(line.isprintable() for line in error.render().splitlines())


@pytest.mark.parametrize("body", [None, [], {}, "x", {"number": "7"}, {**PULL, "head": None}, {**PULL, "labels": [1]}])
def test_an_answer_of_another_shape_is_not_believed(server: ScriptedServer, github: GitHub, body: object) -> None:
    server.on(f"POST {REPO}/pulls", Reply(201, body))
    assert isinstance(error_of(github), UnavailableError)


@pytest.mark.parametrize("body", [{}, {"message": "log in"}, [1], None])
def test_a_listing_of_another_shape_is_never_an_empty_one(server: ScriptedServer, github: GitHub, body: object) -> None:
    server.on(f"GET {REPO}/releases", Reply(200, body))
    server.on(f"GET {REPO}/commits/c/check-runs", Reply(200, body))
    asks: list[Callable[[], object]] = [github.list_releases, lambda: github.passed_checks("c")]
    for ask in asks:
        with pytest.raises(UnavailableError):
            ask()


@pytest.mark.parametrize("status", [400, 401, 403, 410])
def test_a_refused_question_is_never_an_empty_listing(server: ScriptedServer, github: GitHub, status: int) -> None:
    server.on(f"GET {REPO}/releases", no(status, "no"))
    with pytest.raises(ReleaseError):
        github.list_releases()


def test_pull_requests_of_forks_and_other_branches_are_not_ours(server: ScriptedServer, github: GitHub) -> None:
    fork = {**PULL, "head": {"ref": "r", "sha": "2", "repo": {"full_name": "evil/widgets"}}}
    gone = {**PULL, "head": {"ref": "r", "sha": "3", "repo": None}}
    other = {**PULL, "head": {**PULL["head"], "ref": "r2"}}  # type: ignore[dict-item]
    server.on(f"GET {REPO}/pulls", Reply(200, [fork, gone, other, PULL]))
    (found,) = github.find_pull_requests("r")
    assert found.head_commit == "1" * 40
    assert "head=acme%3Ar&" in server.seen[0].path


def test_a_check_that_also_failed_has_not_passed(server: ScriptedServer, github: GitHub) -> None:
    runs = [
        {"name": "lint", "status": "completed", "conclusion": "success"},
        {"name": "tests", "status": "completed", "conclusion": "success"},
        {"name": "tests", "status": "completed", "conclusion": "cancelled"},
    ]
    server.on(f"GET {REPO}/commits/c/check-runs", Reply(200, {"total_count": 3, "check_runs": runs}))
    assert github.passed_checks("c") == {"lint"}


def listing(server: ScriptedServer, *, push: bool | None, **replies: Reply) -> None:
    permissions = {} if push is None else {"permissions": {"push": push}}
    server.on(f"GET {REPO}/releases", Reply(200, [RELEASE]))
    server.on(f"GET {REPO}", Reply(200, {"default_branch": "trunk", **permissions}))
    for reply in replies.values():
        server.on(f"POST {REPO}/releases/generate-notes", reply)


@pytest.mark.parametrize("push", [False, None])
@pytest.mark.parametrize("probe", [Reply(200, {"name": "", "body": ""}), no(422, "Invalid configuration")])
def test_an_apps_token_that_may_write_sees_drafts_although_it_is_said_not_to_push(
    server: ScriptedServer, github: GitHub, push: bool | None, probe: Reply
) -> None:
    listing(server, push=push, probe=probe)
    (found,) = github.find_releases("v1")
    assert (found.name, found.body) == ("", "")
    github.find_releases("v2")
    asked = [seen for seen in server.seen if seen.method == "POST"]
    assert len(asked) == 1
    body = b'{"name": "", "body": ""}'
    url = server.url + asked[0].path
    hold(Exchange("POST", url, asked[0].headers, asked[0].body, 200, "application/json", body))


@pytest.mark.parametrize("probe", [no(403, "Resource not accessible by integration"), no(404, "Not Found")])
def test_an_apps_token_that_may_only_read_does_not_see_drafts(
    server: ScriptedServer, github: GitHub, probe: Reply
) -> None:
    listing(server, push=False, probe=probe)
    with pytest.raises(UnavailableError, match="hidden"):
        github.find_releases("v1")


@pytest.mark.parametrize("probe", [no(403, "secondary rate limit"), no(401, "Bad credentials"), Reply(503)])
def test_a_permission_that_could_not_be_asked_for_is_no_answer(
    server: ScriptedServer, github: GitHub, probe: Reply
) -> None:
    listing(server, push=False, probe=probe)
    with pytest.raises(ReleaseError) as caught:
        github.find_releases("v1")
    assert "hidden" not in caught.value.what


def upload(server: ScriptedServer, api: str, upload_url: str, path: Path) -> None:
    """Upload through a proxy, so that every host is our server."""
    server.on(f"GET {api}{REPO}/releases/5", Reply(200, {**RELEASE, "upload_url": f"{upload_url}{{?name}}"}))
    asset = {"id": 1, "name": path.name, "size": 1, "state": "uploaded"}
    server.on(f"POST {upload_url}", Reply(201, asset))
    assert github_at(api, http_proxy=server.url).upload_asset(5, path).digest is None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a+b c.whl").write_bytes(b"x")
    return tmp_path / "a+b c.whl"


@pytest.mark.parametrize("host", ["127.0.0.1", "uploads.127.0.0.1"])
def test_uploads_go_to_the_forge_or_its_upload_server(server: ScriptedServer, path: Path, host: str) -> None:
    upload(server, "http://127.0.0.1", f"http://{host}/up", path)
    last = server.seen[-1]
    assert last.headers["Authorization"] == f"Bearer {CANARY}"
    assert last.path.endswith("?name=a%2Bb+c.whl")
    assert (last.body, last.headers["Content-Length"]) == (b"x", "1")


@pytest.mark.parametrize("url", ["http://evil.invalid/up", "http://127.0.0.1:8/up", "https://127.0.0.1/up"])
def test_the_token_goes_to_no_other_server_with_an_upload(server: ScriptedServer, path: Path, url: str) -> None:
    with pytest.raises(UnavailableError, match="another server"):
        upload(server, "http://127.0.0.1", url, path)
    assert [seen.method for seen in server.seen] == ["GET"]


def test_an_upload_to_a_release_that_is_gone_is_blocked(server: ScriptedServer, github: GitHub, path: Path) -> None:
    server.on(f"GET {REPO}/releases/5", no(404, "Not Found"))
    server.on(f"GET {REPO}", Reply(200, {"default_branch": "main", "permissions": {"push": True}}))
    with pytest.raises(BlockedError, match="is gone"):
        github.upload_asset(5, path)


def test_a_token_is_not_sent_without_tls() -> None:
    with pytest.raises(ConfigurationError, match="without TLS") as caught:
        github_at(f"http://me:{CANARY}-x@ghe.example/api/v3")
    assert CANARY not in caught.value.render()


def test_a_token_with_a_line_break_at_its_end_is_fine(server: ScriptedServer) -> None:
    server.on(f"GET {REPO}/releases", Reply(200, []))
    github_at(server.url, GITHUB_TOKEN=f"{CANARY}\n").list_releases()
    assert server.seen[0].headers["Authorization"] == f"Bearer {CANARY}"


def test_a_redirect_of_a_question_never_takes_the_token_elsewhere(server: ScriptedServer, github: GitHub) -> None:
    server.on(f"GET {REPO}/releases", Reply(301, headers={"Location": f"{server.other_url}/moved"}))
    server.on("GET /moved", Reply(200, []))
    assert github.list_releases() == ()
    assert "Authorization" not in server.seen[-1].headers
