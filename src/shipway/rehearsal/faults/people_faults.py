"""What people do in between: they tag, close, publish, delete, yank, and change files on main."""

from __future__ import annotations

from collections.abc import Callable

from shipway.rehearsal.faults.people import as_maintainer, move_main, tag_main
from shipway.rehearsal.faults.scenario import AFTER_PUBLISHING, Scenario
from shipway.rehearsal.faults.scene import MAKE_DRAFT, OPEN_PULL_REQUEST, UPLOAD, Scene

WORKFLOW = ".github/workflows/shipway-rehearsal.yml"
BEFORE_TAG = frozenset({"release"})


def _at(route: str, deed: Callable[[Scene], None], *, after: bool = True) -> Callable[[Scene], None]:
    """Have a person do something in the middle of the release."""
    return lambda scene: scene.when(route, lambda: deed(scene), after=after)


def _tag(scene: Scene) -> None:
    tag_main(scene, scene.plan.tag)


def _untag(scene: Scene) -> None:
    scene.git("push", "origin", "--delete", f"refs/tags/{scene.plan.tag}")


def _spelling(scene: Scene) -> str:
    """Give the version as a tag in another spelling."""
    version, tag = scene.plan.version, scene.plan.tag
    return f"release-{version}" if tag != f"release-{version}" else f"v{version}"


def _tag_otherwise(scene: Scene) -> None:
    tag_main(scene, _spelling(scene))


def _untag_otherwise(scene: Scene) -> None:
    scene.git("push", "origin", "--delete", f"refs/tags/{_spelling(scene)}")


def _yank_when_all_is_there(scene: Scene) -> None:
    first = scene.files[0].name
    scene.when(UPLOAD, lambda: scene.index.yank(first), after=True)


def _unyank(scene: Scene) -> None:
    scene.index.unyank(scene.files[0].name)


def _pull(scene: Scene) -> str:
    return f"/pulls/{scene.repository.pulls[-1].number}"


def _close(scene: Scene) -> None:
    as_maintainer(scene, "PATCH", _pull(scene), {"state": "closed"})


def _reopen(scene: Scene) -> None:
    as_maintainer(scene, "PATCH", _pull(scene), {"state": "open"})


def _delete_branch(scene: Scene) -> None:
    as_maintainer(scene, "DELETE", f"/git/refs/heads/{scene.plan.release_branch}")


def _restore_branch(scene: Scene) -> None:
    commit = scene.repository.pulls[-1].head_commit
    scene.git("push", "origin", f"{commit}:refs/heads/{scene.plan.release_branch}")


def _restore_and_reopen(scene: Scene) -> None:
    _restore_branch(scene)
    _reopen(scene)


def _draft(scene: Scene) -> str:
    return f"/releases/{scene.repository.releases[-1].id}"


def _publish_draft(scene: Scene) -> None:
    as_maintainer(scene, "PATCH", _draft(scene), {"draft": False})


def _delete_draft(scene: Scene) -> None:
    as_maintainer(scene, "DELETE", _draft(scene))


def _change_workflow(scene: Scene) -> None:
    move_main(scene, WORKFLOW, "on: [push, pull_request]\n")


def _start_with_a_workflow(scene: Scene) -> None:
    """Have a workflow file on main from the start."""
    move_main(scene, WORKFLOW, "on: push\n")
    scene.git("pull", "--quiet", "--ff-only")


def _change_workflow_meanwhile(scene: Scene) -> None:
    _start_with_a_workflow(scene)
    scene.when(UPLOAD, lambda: _change_workflow(scene))


def _merge_and_change_workflow(scene: Scene) -> None:
    number = scene.repository.pulls[-1].number
    scene.forge.merge_pull_request(number, "squash", repository=scene.stage.repository)
    _change_workflow(scene)


def _merge_meanwhile(scene: Scene) -> None:
    _start_with_a_workflow(scene)
    scene.repository.delete_branch_on_merge = True
    scene.when(OPEN_PULL_REQUEST, lambda: _merge_and_change_workflow(scene), after=True)


def _restore_branch_as_maintainer(scene: Scene) -> None:
    scene.use_token("maintainer")
    _restore_branch(scene)
    scene.use_token()


PEOPLE_FAULTS = (
    Scenario(
        "tag-elsewhere",
        "somebody tags another commit with this version",
        _at(UPLOAD, _tag),
        13,
        "tag: found TAG at COMMIT, wanted COMMIT",
        "see what TAG is; if it is wrong: git push origin --delete refs/tags/TAG, then run again",
        "deletes the tag, which was wrong",
        _untag,
        BEFORE_TAG,
    ),
    Scenario(
        "tag-spelling",
        "somebody tags this version in another spelling",
        _at(UPLOAD, _tag_otherwise),
        13,
        "tag: found TAG at COMMIT, wanted COMMIT",
        "see what TAG is; if it is wrong: git push origin --delete refs/tags/TAG, then run again",
        "deletes that tag, which was wrong",
        _untag_otherwise,
        BEFORE_TAG | {"tag"},
    ),
    Scenario(
        "yank",
        "a person yanks a file as soon as it is there",
        _at(UPLOAD, _yank_when_all_is_there, after=False),
        12,
        "publish: FILE was yanked by a person",
        "unyank it on the index's page, or release the next one",
        "unyanks it",
        _unyank,
        AFTER_PUBLISHING,
    ),
    Scenario(
        "pull-request-closed",
        "a person closes the pull request",
        _at(OPEN_PULL_REQUEST, _close),
        12,
        "pull-request: #N was closed by a person, and BRANCH lacks the release",
        "reopen ADDRESS, then run again",
        "reopens it",
        _reopen,
        BEFORE_TAG | {"tag"},
        "publish-first",
        forge=True,
    ),
    Scenario(
        "branch-deleted-early",
        "a person deletes the release branch before its pull request is open",
        _at(UPLOAD, _delete_branch),
        flow="publish-first",
        forge=True,
    ),
    Scenario(
        "branch-deleted",
        "a person deletes the release branch, which closes its pull request",
        _at(OPEN_PULL_REQUEST, _delete_branch),
        12,
        "pull-request: #N was closed by a person, and BRANCH lacks the release",
        "git push origin COMMIT:refs/heads/BRANCH, then reopen ADDRESS, then run again",
        "brings the branch back, and reopens the pull request",
        _restore_and_reopen,
        BEFORE_TAG | {"tag"},
        "publish-first",
        forge=True,
    ),
    Scenario(
        "draft-published",
        "a person publishes the draft before it is whole",
        _at(MAKE_DRAFT, _publish_draft),
        forge=True,
    ),
    Scenario(
        "draft-deleted",
        "a person deletes the draft while it is filled",
        _at(MAKE_DRAFT, _delete_draft),
        12,
        "the forge release N is gone",
        "run again: it looks what is there first",
        "runs it again",
        forge=True,
    ),
    Scenario(
        "workflows-changed",
        "workflow files change on main meanwhile, and the token may not touch any",
        _change_workflow_meanwhile,
        flow="publish-first",
    ),
    Scenario(
        "workflows-changed-late",
        "the pull request is merged and its branch deleted before the tag is pushed, and workflow files change",
        _merge_meanwhile,
        12,
        "the remote refuses the tag TAG: …",
        "have somebody who may change workflow files bring the release branch back: "
        "git push origin COMMIT:refs/heads/BRANCH; or allow the tag TAG …, then run again",
        "asks a maintainer, who brings the branch back",
        _restore_branch_as_maintainer,
        BEFORE_TAG | {"tag"},
        "publish-first",
        forge=True,
    ),
)
