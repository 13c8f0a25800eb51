"""The GitHub door against the embedded forge: every exchange holds against GitHub's own description."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shipway.rehearsal.forge.server import EmbeddedForge
from shipway.rehearsal.forge.state import Token
from shipway.rehearsal.forge.switches import Fault, lost_answer, secondary_rate_limit
from shipway.release.outcomes import BlockedError, ConflictError, UnavailableError
from shipway.world.environment import Environment
from shipway.world.forge import Forge
from shipway.world.github import GitHub
from world.forge_support import NAME, ORDINARY, running_site
from world.http_support import CountingClock, Reply, ScriptedServer
from world.openapi_support import HeldHttp

BRANCH = "release/1.1.0"


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[EmbeddedForge]:
    with running_site(tmp_path / "site") as site:
        site.add_branch(BRANCH)
        yield site.forge


@pytest.fixture
def clock() -> CountingClock:
    return CountingClock()


Client = Callable[..., GitHub]


@pytest.fixture
def client(forge: EmbeddedForge, clock: CountingClock) -> Client:
    """Give a client with one of the forge's tokens, or with none."""

    def make(token: str = ORDINARY, repository: str = NAME) -> GitHub:
        variables = {"GITHUB_TOKEN": forge.tokens[token].value} if token else {}
        return GitHub(HeldHttp(Environment(variables), clock), forge.api_url, repository)

    return make


@pytest.fixture
def github(client: Client) -> GitHub:
    return client()


def draft(github: GitHub, tag: str = "v1.1.0") -> int:
    made = github.create_draft(tag=tag, target="main", name=tag, body="- notes", prerelease=False)
    assert made.draft
    return made.id


def test_a_client_is_a_forge(github: GitHub) -> None:
    forge: Forge = github
    assert forge is github


def test_a_pull_request_is_opened_labelled_found_merged_and_closed(forge: EmbeddedForge, github: GitHub) -> None:
    assert github.find_pull_requests(BRANCH) == ()
    made = github.open_pull_request(title="Release 1.1.0", body="marker: 1", head=BRANCH, base="main")
    assert (made.state, made.merged, made.head_branch, made.base_branch) == ("open", False, BRANCH, "main")
    assert (made.head_commit, made.body) == (forge.repository().git.branch(BRANCH), "marker: 1")
    github.add_labels(made.number, ["release", "a b/c"])
    (found,) = github.find_pull_requests(BRANCH)
    assert found.labels == ("release", "a b/c")
    assert found.url == made.url
    forge.merge_pull_request(made.number, "merge")
    (merged,) = github.find_pull_requests(BRANCH)
    assert (merged.state, merged.merged) == ("closed", True)


def test_a_pull_request_that_a_person_closed_is_seen_as_closed(forge: EmbeddedForge, github: GitHub) -> None:
    number = github.open_pull_request(title="t", body="", head=BRANCH, base="main").number
    forge.close_pull_request(number)
    (found,) = github.find_pull_requests(BRANCH)
    assert (found.state, found.merged, found.body) == ("closed", False, "")


def test_a_second_pull_request_for_a_branch_is_a_conflict(github: GitHub) -> None:
    github.open_pull_request(title="t", body="", head=BRANCH, base="main")
    with pytest.raises(ConflictError, match="there already"):
        github.open_pull_request(title="t", body="", head=BRANCH, base="main")


def test_a_branch_that_is_not_there_blocks_a_pull_request(github: GitHub) -> None:
    with pytest.raises(BlockedError, match="open a pull request"):
        github.open_pull_request(title="t", body="", head="nowhere", base="main")


def test_a_forge_release_is_drafted_filled_and_published(forge: EmbeddedForge, github: GitHub, tmp_path: Path) -> None:
    path = tmp_path / "acme_widgets-1.1.0-py3-none-any.whl"
    path.write_bytes(b"PK" * 70000)
    number = draft(github)
    asset = github.upload_asset(number, path)
    assert (asset.name, asset.size, asset.state) == (path.name, 140000, "uploaded")
    assert asset.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    (found,) = github.find_releases("v1.1.0")
    assert (found.draft, found.body, found.target, found.assets) == (True, "- notes", "main", (asset,))
    published = github.publish_release(number, latest=True)
    assert (published.draft, published.tag) == (False, "v1.1.0")
    assert github.read_release(number) == published
    assert github.list_releases() == (published,)
    assert github.find_releases("v1.1") == ()
    assert forge.repository().releases[0].latest == "true"


def test_a_published_release_is_found_by_its_tag_and_a_draft_is_not(forge: EmbeddedForge, client: Client) -> None:
    github, anyone = client(), client("")
    number = draft(github, "release/1.1.0")
    assert anyone.find_published("release/1.1.0") is None
    published = github.publish_release(number, latest=True)
    assert anyone.find_published("release/1.1.0") == published
    assert anyone.find_published("1.1.0") is None
    assert not published.is_final
    forge.repository().releases[0].immutable = True
    final = anyone.find_published("release/1.1.0")
    assert final is not None
    assert final.is_final


def test_a_file_is_uploaded_under_another_name(github: GitHub, tmp_path: Path) -> None:
    (tmp_path / "evidence.json").write_text("{}", encoding="utf-8")
    number = draft(github)
    asset = github.upload_asset(number, tmp_path / "evidence.json", "acme-1.1.0.evidence.json")
    found = github.read_release(number)
    assert found is not None
    assert (found.find_asset("acme-1.1.0.evidence.json"), found.find_asset("evidence.json")) == (asset, None)


@pytest.mark.parametrize("latest", [False, True])
def test_what_is_latest_is_said_when_publishing(forge: EmbeddedForge, github: GitHub, latest: bool) -> None:
    github.publish_release(draft(github), latest=latest)
    assert forge.repository().releases[0].latest == str(latest).lower()


def test_the_prerelease_flag_is_kept(github: GitHub) -> None:
    made = github.create_draft(tag="v2rc1", target="main", name="2rc1", body="", prerelease=True)
    assert github.publish_release(made.id, latest=False).prerelease


def test_an_asset_can_be_deleted_and_deleting_it_again_is_fine(github: GitHub, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    number = draft(github)
    asset = github.upload_asset(number, tmp_path / "a.txt")
    github.delete_asset(asset.id)
    github.delete_asset(asset.id)
    found = github.read_release(number)
    assert found is not None
    assert found.assets == ()


def test_an_asset_that_is_there_already_is_a_conflict(github: GitHub, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    number = draft(github)
    github.upload_asset(number, tmp_path / "a.txt")
    with pytest.raises(ConflictError):
        github.upload_asset(number, tmp_path / "a.txt")


def test_an_upload_that_broke_off_is_lost_and_leaves_what_is_no_upload(
    forge: EmbeddedForge, github: GitHub, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    forge.switches.starter_assets = 1
    number = draft(github)
    with pytest.raises(UnavailableError, match="was lost"):
        github.upload_asset(number, tmp_path / "a.txt")
    found = github.read_release(number)
    assert found is not None
    assert [(asset.state, asset.digest) for asset in found.assets] == [("starter", None)]
    assert forge.count("POST", "*/assets") == 1


def test_an_immutable_release_blocks_assets(forge: EmbeddedForge, github: GitHub, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    forge.switches.immutable_releases = True
    number = draft(github)
    github.publish_release(number, latest=True)
    with pytest.raises(BlockedError, match="rule"):
        github.upload_asset(number, tmp_path / "a.txt")


def test_a_rule_against_the_tag_blocks_publishing(forge: EmbeddedForge, github: GitHub) -> None:
    forge.switches.refused_refs = ["refs/tags/*"]
    number = draft(github)
    with pytest.raises(BlockedError, match="a rule of the repository does not let us publish"):
        github.publish_release(number, latest=True)


def test_a_draft_that_a_listing_does_not_show_yet_is_read_by_its_id(forge: EmbeddedForge, github: GitHub) -> None:
    forge.switches.lag = 1
    number = draft(github)
    assert github.find_releases("v1.1.0") == ()
    found = github.read_release(number)
    assert found is not None
    assert found.draft


def test_a_forge_release_that_is_gone_is_none(github: GitHub) -> None:
    assert github.read_release(987654) is None


@pytest.mark.parametrize("token", ["reader", ""])
def test_drafts_hidden_from_a_weak_token_never_read_as_none(github: GitHub, client: Client, token: str) -> None:
    number = draft(github)
    weak = client(token)
    assert weak.list_releases() == ()
    for ask in (lambda: weak.find_releases("v1.1.0"), lambda: weak.read_release(number)):
        with pytest.raises(UnavailableError, match="drafts of forge releases are hidden") as caught:
            ask()
        assert "contents: write" in caught.value.remedy


def test_listings_are_read_to_their_last_page(forge: EmbeddedForge, github: GitHub) -> None:
    commit = forge.repository().git.branch("main") or ""
    forge.add_check_run(commit, [f"tests-{number}" for number in range(230)])
    assert len(github.passed_checks(commit)) == 230
    assert forge.count("GET", "*/check-runs") == 3


def test_only_checks_that_ended_in_success_have_passed(forge: EmbeddedForge, github: GitHub) -> None:
    commit = forge.repository().git.branch("main") or ""
    forge.add_check_run(commit, ["lint"])
    forge.add_check_run(commit, ["tests"], conclusion="failure")
    forge.add_check_run(commit, ["docs"], conclusion="skipped")
    forge.add_check_run(commit, ["slow"], status="in_progress")
    assert github.passed_checks(commit) == {"lint"}


def test_nothing_has_passed_for_a_commit_that_the_forge_does_not_have(github: GitHub) -> None:
    assert github.passed_checks("0" * 40) == frozenset()


def test_a_run_of_ci_has_ended_when_the_forge_says_that_it_is_complete(forge: EmbeddedForge, github: GitHub) -> None:
    forge.add_run("4711")
    assert github.run_has_ended("4711") is False
    forge.end_run("4711")
    assert github.run_has_ended("4711") is True


@pytest.mark.parametrize("status", ["queued", "waiting", "requested", "pending"])
def test_a_run_that_has_not_begun_has_not_ended(forge: EmbeddedForge, github: GitHub, status: str) -> None:
    forge.add_run(4711, status)
    assert github.run_has_ended("4711") is False


@pytest.mark.parametrize("run_id", ["4712", "pipeline-4711", "", "../../releases/1", "٣"])
def test_nobody_can_say_whether_a_run_has_ended_that_the_forge_does_not_have(github: GitHub, run_id: str) -> None:
    assert github.run_has_ended(run_id) is None


def test_a_run_hidden_from_the_token_may_have_ended_or_not(forge: EmbeddedForge, client: Client) -> None:
    forge.add_run("4711", "completed")
    forge.tokens["blind"] = Token("blind", "forge_blind", actions="none")
    assert client("blind").run_has_ended("4711") is None


def test_a_forge_that_only_wants_us_to_wait_has_not_said_that_it_cannot_say(
    forge: EmbeddedForge, github: GitHub
) -> None:
    forge.add_run("4711")
    forge.switches.faults = [Fault(status=403, message="You have exceeded a secondary rate limit.")]
    with pytest.raises(UnavailableError, match="for now"):
        github.run_has_ended("4711")


def test_the_bytes_of_an_asset_are_read_from_its_storage(github: GitHub, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(range(256)))
    asset = github.upload_asset(draft(github), tmp_path / "a.bin")
    assert github.read_asset(asset.id) == bytes(range(256))
    github.delete_asset(asset.id)
    assert github.read_asset(asset.id) is None


def test_a_storage_elsewhere_does_not_get_the_token(
    forge: EmbeddedForge, github: GitHub, server: ScriptedServer, tmp_path: Path
) -> None:
    (tmp_path / "a.bin").write_bytes(b"a")
    asset = github.upload_asset(draft(github), tmp_path / "a.bin")
    server.on("GET /bucket/a.bin", Reply(body=b"from elsewhere"))
    headers = {"Location": f"{server.url}/bucket/a.bin"}
    forge.switches.faults = [Fault(f"GET */assets/{asset.id}", status=302, headers=headers)]
    assert github.read_asset(asset.id) == b"from elsewhere"
    [seen] = server.seen
    assert "authorization" not in {name.lower() for name in seen.headers}


def test_a_draft_is_deleted_and_deleting_it_again_is_fine(github: GitHub) -> None:
    number = draft(github)
    github.delete_release(number)
    github.delete_release(number)
    assert github.read_release(number) is None


def test_a_release_that_anybody_has_published_is_not_deleted(forge: EmbeddedForge, github: GitHub) -> None:
    number = draft(github)
    forge.repository().releases[0].draft = False
    with pytest.raises(BlockedError, match="is published"):
        github.delete_release(number)
    assert github.read_release(number) is not None
    assert forge.count("DELETE") == 0


@pytest.mark.parametrize("repository", ["acme/gadgets", "nobody/widgets"])
def test_a_repository_that_cannot_be_seen_is_never_an_empty_one(client: Client, repository: str) -> None:
    github = client(repository=repository)
    asks: list[Callable[[], object]] = [
        lambda: github.find_pull_requests(BRANCH),
        lambda: github.find_releases("v1"),
        github.list_releases,
        lambda: github.read_release(1),
        lambda: github.passed_checks("main"),
        lambda: github.find_published("v1"),
        lambda: github.read_asset(1),
    ]
    for ask in asks:
        with pytest.raises(UnavailableError, match=f"cannot see the repository {repository}"):
            ask()


def test_a_token_without_permission_is_told_which_one_it_needs(client: Client) -> None:
    pusher, reader = client("pusher"), client("reader")
    with pytest.raises(BlockedError, match="may not open a pull request") as caught:
        pusher.open_pull_request(title="t", body="", head=BRANCH, base="main")
    assert "pull_requests: write" in caught.value.remedy
    with pytest.raises(BlockedError, match="may not create a forge release") as caught:
        reader.create_draft(tag="v1", target="main", name="", body="", prerelease=False)
    assert "contents: write" in caught.value.remedy


def test_labels_that_the_token_may_not_set_are_blocked(forge: EmbeddedForge, github: GitHub) -> None:
    number = github.open_pull_request(title="t", body="", head=BRANCH, base="main").number
    forge.switches.refuse_labels = True
    with pytest.raises(BlockedError, match="label a pull request"):
        github.add_labels(number, ["release"])


def test_the_setting_against_pull_requests_of_workflows_is_named(forge: EmbeddedForge, github: GitHub) -> None:
    forge.switches.refuse_pull_requests = True
    with pytest.raises(BlockedError) as caught:
        github.open_pull_request(title="t", body="", head=BRANCH, base="main")
    assert "allow GitHub Actions to create pull requests" in caught.value.remedy


def test_without_a_token_nothing_is_sent_that_changes_something(forge: EmbeddedForge, client: Client) -> None:
    with pytest.raises(BlockedError, match="no token") as caught:
        client("").open_pull_request(title="t", body="", head=BRANCH, base="main")
    assert "GITHUB_TOKEN" in caught.value.remedy
    assert forge.count("POST") == 0


def test_a_secondary_rate_limit_is_waited_out_for_a_question(
    forge: EmbeddedForge, github: GitHub, clock: CountingClock
) -> None:
    forge.switches.faults = [secondary_rate_limit(2, retry_after=5)]
    assert github.list_releases() == ()
    assert clock.slept == [5, 5]


def test_a_secondary_rate_limit_on_a_change_is_no_missing_permission(forge: EmbeddedForge, github: GitHub) -> None:
    forge.switches.faults = [secondary_rate_limit(retry_after=300)]
    with pytest.raises(UnavailableError, match="refused for now"):
        draft(github)
    assert forge.count("POST") == 1


def test_a_change_whose_answer_was_lost_happened_once(forge: EmbeddedForge, github: GitHub) -> None:
    forge.switches.faults = [lost_answer("POST */releases")]
    with pytest.raises(UnavailableError, match="was lost"):
        draft(github)
    assert len(github.find_releases("v1.1.0")) == 1
    assert forge.count("POST", "*/releases") == 1


def test_a_question_is_asked_again_when_the_forge_stumbles(
    forge: EmbeddedForge, github: GitHub, clock: CountingClock
) -> None:
    forge.switches.faults = [Fault(status=502), Fault()]
    assert github.list_releases() == ()
    assert clock.slept == [1, 2]
