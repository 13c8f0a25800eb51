"""The sweep notices: each law is broken on purpose, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import requests

from crash.crash_support import make_subject
from end_to_end.support import git, make_project
from shipway.rehearsal.forge.objects import ABSENT
from shipway.rehearsal.index.model import Publisher
from shipway.rehearsal.sweep.aftermath import Aftermath, expect
from shipway.rehearsal.sweep.laws import LAWS, judge
from shipway.rehearsal.sweep.trace import BUILD, EFFECT, Seen
from shipway.rehearsal.sweep.trial import Trial


@contextmanager
def moved(trial: Trial, ref: str, commit: str) -> Iterator[None]:
    """Have a ref hold another commit for a while (`ABSENT`: none)."""
    before = trial.bare.list_refs(ref).get(ref, (ABSENT, ""))[0]
    assert trial.bare.update_ref(ref, commit)
    yield
    assert trial.bare.update_ref(ref, before)


@contextmanager
def unfinished_register(trial: Trial) -> Iterator[None]:
    """Have the register hold a claim that is not done."""
    found = Aftermath(trial, trial.first)
    text = trial.bare.run("cat-file", "blob", f"{found.register}:claim.json").stdout.replace('"done"', '"publishing"')
    place = trial.stage.clone.parent / "claim.json"
    place.write_text(text, encoding="utf-8")
    blob = trial.bare.read("hash-object", "-w", str(place))
    plan = trial.bare.read("rev-parse", f"{found.register}:plan.json")
    index = {"GIT_INDEX_FILE": str(trial.stage.clone.parent / "broken.index")}
    for name, sha in (("claim.json", blob), ("plan.json", plan)):
        trial.bare.run("update-index", "--add", "--cacheinfo", f"100644,{sha},{name}", env=index)
    tree = trial.bare.run("write-tree", env=index).stdout.strip()
    with moved(trial, found.register, trial.bare.read("commit-tree", tree, "-m", "Broken")):
        yield


@contextmanager
def foreign_file(trial: Trial) -> Iterator[None]:
    trial.stage.index.add_foreign_file("acme_widgets-1.4.0.tar.gz", b"not ours")
    yield
    trial.stage.index.delete("acme_widgets-1.4.0.tar.gz")


@contextmanager
def second_tag(trial: Trial) -> Iterator[None]:
    with moved(trial, "refs/tags/1.3.0", Aftermath(trial, trial.first).commit):
        yield


@contextmanager
def closed_pull_request(trial: Trial) -> Iterator[None]:
    [pull] = trial.repository.pulls
    pull.state = "closed"
    yield
    pull.state = "open"


@contextmanager
def second_pull_request(trial: Trial) -> Iterator[None]:
    [pull] = trial.repository.pulls
    trial.repository.pulls.append(replace(pull, number=2))
    yield
    trial.repository.pulls.pop()


@contextmanager
def left_draft(trial: Trial) -> Iterator[None]:
    [release] = trial.repository.releases
    trial.repository.releases.append(replace(release, draft=True))
    yield
    trial.repository.releases.pop()


@contextmanager
def missing_asset(trial: Trial) -> Iterator[None]:
    [release] = trial.repository.releases
    asset = release.assets.pop()
    yield
    release.assets.append(asset)


@contextmanager
def damaged_asset(trial: Trial) -> Iterator[None]:
    asset = next(asset for asset in trial.repository.releases[0].assets if asset.name.endswith(".whl"))
    content, asset.content = asset.content, b"damaged"
    yield
    asset.content = content


@contextmanager
def merged_behind_our_back(trial: Trial) -> Iterator[None]:
    with moved(trial, "refs/heads/main", Aftermath(trial, trial.first).commit):
        yield


@contextmanager
def lost_history(trial: Trial) -> Iterator[None]:
    with moved(trial, "refs/heads/main", trial.bare.read("commit-tree", "HEAD^{tree}", "-m", "Anew")):
        yield


@contextmanager
def left_branch(trial: Trial) -> Iterator[None]:
    with moved(trial, "refs/heads/helper", Aftermath(trial, trial.first).commit):
        yield


@contextmanager
def live_token(trial: Trial) -> Iterator[None]:
    index = trial.stage.index
    index.publishers.append(Publisher("acme-widgets", index.job.repository, index.job.workflow))
    asked = index.identity_variables
    bearer = {"Authorization": f"bearer {asked['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"}
    url = f"{asked['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=shipway-rehearsal"
    jwt = requests.get(url, headers=bearer, timeout=10).json()["value"]
    token = requests.post(f"{index.url}/_/oidc/mint-token", json={"token": jwt}, timeout=10).json()["token"]
    yield
    requests.post(f"{index.url}/_/oidc/burn-token", json={"token": token}, timeout=10)


@contextmanager
def left_file(trial: Trial) -> Iterator[None]:
    place = trial.first.clone / "dist"
    place.mkdir()
    (place / "left.txt").write_text("left\n", encoding="utf-8")
    yield
    (place / "left.txt").unlink()
    place.rmdir()


@contextmanager
def left_scratch(trial: Trial) -> Iterator[None]:
    place = trial.first.clone / ".release" / "plan.json.1.new"
    place.write_text("half", encoding="utf-8")
    yield
    place.unlink()


@contextmanager
def left_local_tag(trial: Trial) -> Iterator[None]:
    git(trial.first.clone, "tag", "v1.3.0")
    yield
    git(trial.first.clone, "tag", "--delete", "v1.3.0")


@contextmanager
def late_build(trial: Trial) -> Iterator[None]:
    trial.runs.append(replace(trial.runs[-1], seen=Seen(({"what": BUILD},))))
    yield
    trial.runs.pop()


@contextmanager
def two_sections(trial: Trial) -> Iterator[None]:
    """Have main tell of the version twice once the pull request is merged."""
    found, [pull] = Aftermath(trial, trial.first), trial.repository.pulls
    text = found.find_text(found.commit, "CHANGELOG.md")
    place = trial.stage.clone.parent / "CHANGELOG.md"
    place.write_text(f"{text}\n## 1.3.0 (2026-01-01)\n\n- Again.\n", encoding="utf-8")
    index = {"GIT_INDEX_FILE": str(trial.stage.clone.parent / "twice.index")}
    trial.bare.run("read-tree", found.commit, env=index)
    blob = trial.bare.read("hash-object", "-w", str(place))
    trial.bare.run("update-index", "--add", "--cacheinfo", f"100644,{blob},CHANGELOG.md", env=index)
    tree = trial.bare.run("write-tree", env=index).stdout.strip()
    with moved(trial, "refs/heads/main", trial.bare.read("commit-tree", tree, "-p", found.commit, "-m", "Twice")):
        pull.state, pull.merged = "closed", "now"
        yield
        pull.state, pull.merged = "open", None


BROKEN = {
    unfinished_register: "register_is_done",
    foreign_file: "index_has_the_set",
    second_tag: "tag_is_one",
    closed_pull_request: "pull_request_is_one",
    second_pull_request: "pull_request_is_one",
    left_draft: "forge_release_is_whole",
    missing_asset: "forge_release_is_whole",
    damaged_asset: "forge_release_is_whole",
    two_sections: "changelog_has_one_section",
    merged_behind_our_back: "main_has_the_release",
    lost_history: "main_has_the_release",
    left_branch: "no_ref_is_left",
    live_token: "no_token_is_left",
    left_file: "clone_is_clean",
    left_scratch: "clone_is_clean",
    left_local_tag: "clone_is_clean",
    late_build: "nothing_was_built_after_the_claim",
}


def test_each_law_notices_when_it_is_broken_and_no_law_complains_before(tmp_path: Path) -> None:
    with make_subject(make_project(tmp_path / "acme"), "publish-first").open() as trial:
        assert trial.release(trial.first).code == 0, trial.runs[-1].words
        expected = expect(Aftermath(trial, trial.first))
        assert judge(Aftermath(trial, trial.first), expected) == []
        for broken, law in BROKEN.items():
            with broken(trial):
                problems = judge(Aftermath(trial, trial.first), expected)
                assert any(problem.startswith(f"{law}: ") for problem in problems), (broken.__name__, problems)
            assert judge(Aftermath(trial, trial.first), expected) == [], broken.__name__


def test_every_law_is_broken_by_a_test() -> None:
    assert {law.__name__ for law in LAWS} == set(BROKEN.values())


def test_a_build_after_the_claim_is_told_from_one_before_it() -> None:
    claim = {"what": EFFECT, "kind": "http", "name": "POST /git-receive-pack: create refs/shipway/acme/main"}
    build = {"what": BUILD}
    assert Seen((build, claim)).builds_after_claim == 0
    assert Seen((build, claim, build)).builds_after_claim == 1
