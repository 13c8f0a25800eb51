"""evidence: written once for a candidate, about that candidate alone, with every gap named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shipway.project.handover import EVIDENCE, JOURNAL
from shipway.project.hold import Hold
from shipway.rehearsal.forge.switches import Fault
from shipway.release.claim import Claim, Owner
from shipway.release.evidence import parse_evidence
from shipway.release.journal import Entry, render_entry
from shipway.release.outcomes import UnavailableError
from shipway.release.states import Done, Todo
from shipway.world.register import Held, Register
from steps.support import Scene, git, open_scene

OWNER = Owner("0" * 32, "ada", "2026-01-02T03:04:05+00:00", "4711", "https://forge.invalid/acme/actions/runs/4711")
NULLS = {"claim", "gates", "checks", "tools"}
Document = dict[str, Any]


@pytest.fixture(name="scene")
def one_scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as scene:
        yield scene


def written(scene: Scene) -> Document:
    """Settle the step and give the document."""
    scene.settle("evidence")
    text = scene.settlement.handover.find(EVIDENCE) or ""
    parse_evidence(text)
    found: Document = json.loads(text)
    return found


def unknown(found: Document) -> set[str]:
    """Give which facts are said to be unknown."""
    return {item["fact"] for item in found["unknown"]}


def tell(scene: Scene, *entries: Entry, plan: str = "") -> None:
    """Have entries in the journal."""
    digest = plan or scene.settlement.plan.digest()
    for entry in entries:
        line = render_entry(entry, "2026-01-02T03:04:05+00:00", digest)
        scene.settlement.handover.append(JOURNAL, line)


def take_claim(scene: Scene, owner: Owner = OWNER, **changes: Any) -> None:  # noqa: ANN401 - a claim's own fields
    """Have the register hold our claim, as the step would find it."""
    settlement = scene.settlement
    candidate = replace(settlement.candidate, **changes)
    claim = Claim(candidate.plan, candidate.commit, candidate.distributions, "publishing", owner)
    register = Register(settlement.doors.git, "acme-widgets", "main", settlement.handover.register)
    held = Held("d" * 40, claim, "")
    scene.settlement = replace(settlement, hold=Hold(register, settlement.handover, owner, held))


def keep_reports(scene: Scene) -> None:
    """Have the reports of the candidate's steps."""
    handover, plan = scene.settlement.handover, scene.settlement.plan
    handover.keep_report("gates", plan, {"results": {"lint": "passed here", "tests": "passed in CI for this commit"}})
    handover.keep_report("check", plan, {"findings": ["contents", "twine check"]})
    handover.keep_report("build", plan, {"commit": scene.commit, "tools": {"python": "3.11.7", "git": "2.39.5"}})


def test_evidence_is_written_once_and_then_found(scene: Scene) -> None:
    assert isinstance(scene.observe("evidence"), Todo)
    written(scene)
    before = (scene.settlement.handover.directory / EVIDENCE).stat().st_mtime_ns
    scene.settle("evidence")
    assert (scene.settlement.handover.directory / EVIDENCE).stat().st_mtime_ns == before


def test_evidence_has_the_subjects_of_the_candidate(scene: Scene) -> None:
    found, ours = written(scene), scene.settlement.candidate
    assert (found["version"], found["tag"], found["commit"]) == ("1.3.0", "v1.3.0", scene.commit)
    assert found["tree"] == git(scene.world.clone, "rev-parse", f"{scene.commit}^{{tree}}")
    assert {file["name"]: file["digest"] for file in found["distributions"]} == {
        file.name: file.digest for file in ours.distributions
    }
    assert found["request"] == {"bump": "minor", "pre": None}


def test_the_version_to_go_back_to_is_the_highest_that_the_index_offers(scene: Scene) -> None:
    index = scene.world.stage.index
    for version in ("1.1.0", "1.2.3", "1.2.4", "1.3.0rc1", "2.0.0"):
        index.add_foreign_file(f"acme_widgets-{version}.tar.gz", version.encode())
    index.add_foreign_file("acme_widgets-1.2.4-py3-none-any.whl", b"PK")
    index.yank("acme_widgets-1.2.4.tar.gz", "broken")
    found = written(scene)
    assert found["previous"] == {"version": "1.2.3", "pin": "pip install 'acme-widgets==1.2.3'"}
    assert "previous" not in unknown(found)


@pytest.mark.parametrize("previous", [None, "1.2.4"])
def test_without_a_version_to_go_back_to_none_is_named(scene: Scene, previous: str | None) -> None:
    plan = replace(scene.settlement.plan, previous=previous)
    scene.settlement = replace(scene.settlement, candidate=replace(scene.settlement.candidate, plan=plan))
    found = written(scene)
    assert (found["previous"], "previous" in unknown(found)) == (None, previous is not None)


def test_all_that_is_known_is_told(scene: Scene) -> None:
    take_claim(scene)
    keep_reports(scene)
    tell(scene, Entry("build", "build", "begin"))
    scene.world.stage.index.add_foreign_file("acme_widgets-1.2.4.tar.gz", b"")
    found = written(scene)
    assert found["unknown"] == []
    assert found["claim"] == {
        "ref": "refs/shipway/acme-widgets/main",
        "commit": "d" * 40,
        "agrees": True,
        "actor": "ada",
        "since": OWNER.since,
        "run": "4711",
        "link": OWNER.link,
    }
    assert found["gates"][1] == {"name": "tests", "result": "passed in CI for this commit"}
    assert found["checks"] == ["contents", "twine check"]
    assert found["tools"] == [{"name": "git", "version": "2.39.5"}, {"name": "python", "version": "3.11.7"}]
    assert found["backend"] == {"name": "tiny", "requires": []}


def test_what_nobody_knows_is_listed_with_the_reason(scene: Scene) -> None:
    found = written(scene)
    assert unknown(found) == {*NULLS, "previous", "steps"}
    assert {name for name in NULLS if found[name] is None} == NULLS
    assert all(item["why"] for item in found["unknown"])
    state = scene.observe("evidence")
    assert isinstance(state, Done)
    assert "unknown: checks, claim, gates, previous, steps, tools" in state.found


def test_reports_of_another_plan_are_not_taken(scene: Scene) -> None:
    keep_reports(scene)
    other = replace(scene.settlement.plan, notes="- Others.")
    scene.settlement = replace(scene.settlement, candidate=replace(scene.settlement.candidate, plan=other))
    assert unknown(written(scene)) == {*NULLS, "previous", "steps"}


def test_a_claim_of_other_bytes_is_told_as_one_that_does_not_agree(scene: Scene) -> None:
    take_claim(scene, commit="0" * 40)
    assert written(scene)["claim"]["agrees"] is False


@pytest.mark.parametrize("owner", [replace(OWNER, since="yesterday"), replace(OWNER, link="javascript:alert(1)")])
def test_a_claim_that_makes_no_sense_is_unknown_rather_than_repeated(scene: Scene, owner: Owner) -> None:
    take_claim(scene, owner)
    found = written(scene)
    assert (found["claim"], "claim" in unknown(found)) == (None, True)


def test_the_course_of_events_is_this_plans_and_tells_each_thing_once(scene: Scene) -> None:
    done = Entry("publish", "publish", "end", "done", "2 files on the index, digests agree", 1.5)
    tell(scene, Entry("mark", "tag", "act", "todo", "push v1.2.4"), plan="0" * 64)
    tell(scene, Entry("publish", "publish", "begin"), Entry("publish", "publish", "act", "todo", "upload a"), done)
    tell(scene, replace(done, seconds=0.1), Entry("publish", "publish", "wait", "todo", "to do: upload a"))
    steps = written(scene)["steps"]
    assert [(step["what"], step["detail"]) for step in steps] == [("act", "upload a"), ("end", done.detail)]
    assert steps[1]["seconds"] == 1.5


def test_words_of_what_failed_stay_in_the_journal(scene: Scene) -> None:
    tell(scene, Entry("build", "build", "begin"))
    tell(scene, Entry("publish", "publish", "end", "unknown", "could not ask: proxy.corp.invalid:3128 said no"))
    found = written(scene)
    assert "proxy.corp.invalid" not in json.dumps(found)
    assert found["steps"][-1]["state"] == "unknown"
    assert "journal" in found["steps"][-1]["detail"]
    assert "steps" not in unknown(found)


def test_a_release_that_was_taken_over_says_that_its_beginning_is_told_elsewhere(scene: Scene) -> None:
    tell(scene, Entry("build", "build", "end", "done", "found: acme_widgets-1.3.0.tar.gz"))
    tell(scene, Entry("publish", "claim", "act", "todo", "take over refs/shipway/acme-widgets/main"))
    found = written(scene)
    assert [step["step"] for step in found["steps"]] == ["build", "claim"]
    [why] = [item["why"] for item in found["unknown"] if item["fact"] == "steps"]
    assert "begun in another clone" in why


def test_folders_and_secrets_are_told_to_nobody(scene: Scene) -> None:
    token, root = scene.world.variables["GITHUB_TOKEN"], scene.settlement.handover.root
    tell(scene, Entry("publish", "confirm", "act", "todo", f"install from {root}/.release with {token}, see /etc/x/y"))
    keep_reports(scene)
    results = {f"lint {token}": f"passed in {root}/sub"}
    scene.settlement.handover.keep_report("gates", scene.settlement.plan, {"results": results})
    text = json.dumps(written(scene))
    assert [word for word in (token, str(root), "/etc/") if word in text] == []
    assert "install from ./.release with ***, see .../y" in text


def test_the_pull_request_is_told_as_it_is(scene: Scene) -> None:
    scene.settle("claim", "pull-request")
    assert written(scene)["pull_request"]["state"] == "open"
    scene.world.stage.forge.merge_pull_request(1)
    (scene.settlement.handover.directory / EVIDENCE).unlink()
    assert written(scene)["pull_request"] == {
        "number": 1,
        "url": f"{scene.world.stage.forge.url}/rehearsal/acme/pull/1",
        "state": "merged",
    }


def test_a_pull_request_of_somebody_else_from_the_same_branch_is_not_ours(scene: Scene) -> None:
    forge = scene.settlement.doors.forge
    assert forge is not None
    git(scene.world.clone, "push", "--quiet", str(scene.world.bare), "HEAD^{commit}:refs/heads/release/1.3.0")
    other = git(scene.world.bare, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "Other")
    git(scene.world.bare, "update-ref", "refs/heads/release/1.3.0", other)
    forge.open_pull_request(title="Mine", body="words", head="release/1.3.0", base="main")
    found = written(scene)
    assert (found["pull_request"], "pull_request" in unknown(found)) == (None, False)


def test_a_forge_that_does_not_show_pull_requests_is_told_and_one_that_is_away_is_waited_for(scene: Scene) -> None:
    faults = scene.world.stage.forge.switches.faults
    faults.append(Fault("GET */pulls*", status=500, count=1))
    with pytest.raises(UnavailableError):
        scene.settle("evidence")
    assert scene.settlement.handover.find(EVIDENCE) is None
    faults.append(Fault("GET */pulls*", status=403, message="Resource not accessible by integration"))
    found = written(scene)
    assert (found["pull_request"], "pull_request" in unknown(found)) == (None, True)


def test_without_a_forge_there_is_no_pull_request_and_nothing_unknown_about_it(tmp_path: Path) -> None:
    with open_scene(tmp_path, flow="direct", forge=False) as scene:
        found = written(scene)
        assert (found["pull_request"], "pull_request" in unknown(found)) == (None, False)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-20],
        lambda _: "",
        lambda text: text.replace('"version": "1.3.0"', '"version": "1.2.9"'),
        lambda text: text.replace("shipway-evidence/1", "shipway-evidence/0"),
    ],
)
def test_evidence_that_is_broken_or_about_something_else_is_written_again(scene: Scene, spoil: Any) -> None:  # noqa: ANN401 - a lambda
    before = written(scene)
    handover = scene.settlement.handover
    handover.write(EVIDENCE, spoil(handover.find(EVIDENCE) or ""))
    assert isinstance(scene.observe("evidence"), Todo)
    assert written(scene) == before


def test_evidence_of_an_earlier_attempt_at_the_version_is_written_again(scene: Scene) -> None:
    written(scene)
    changed = replace(scene.settlement.candidate, commit=git(scene.world.clone, "rev-parse", "HEAD"))
    scene.settlement = replace(scene.settlement, candidate=changed)
    assert written(scene)["commit"] == changed.commit


@pytest.mark.parametrize(
    "table", ["", 'build-system = "x"\n', "[build-system]\nrequires = 3\n", "[build-system]\nrequires = 'x'\n"]
)
def test_a_build_back_end_is_read_or_said_to_be_unknown(scene: Scene, table: str) -> None:
    clone = scene.world.clone
    (clone / "pyproject.toml").write_text(f'{table}\n[project]\nname = "acme-widgets"\n', encoding="utf-8")
    git(clone, "add", "--all")
    commit = git(clone, "commit-tree", git(clone, "write-tree"), "-m", "Other")
    git(clone, "reset", "--quiet", "--hard")
    scene.settlement = replace(scene.settlement, candidate=replace(scene.settlement.candidate, commit=commit))
    found = written(scene)
    if table:
        assert "backend" in unknown(found)
    else:
        assert found["backend"] == {"name": "setuptools.build_meta:__legacy__", "requires": ["setuptools"]}
