"""What an index does: it fails, lags and refuses, or holds what it should not."""

from __future__ import annotations

from collections.abc import Callable

from shipway.rehearsal.faults.people import release_next
from shipway.rehearsal.faults.scenario import AFTER_CLAIM, AFTER_PUBLISHING, AGAIN, Scenario
from shipway.rehearsal.faults.scene import PUSH, UPLOAD, Scene
from shipway.rehearsal.index.model import Failure

ALWAYS = 1000
OTHER = b"the bytes of another build"
USED_UP = "VERSION is used up: …abandon …--used-up, then …release …"
NEXT_VERSION = "gives the claim back and releases the next version"


def _fail(make: Callable[[], Failure]) -> Callable[[Scene], None]:
    """Have requests of the index fail."""
    return lambda scene: scene.index.switches.failures.append(make())


def _recover(scene: Scene) -> None:
    scene.index.switches.failures.clear()


def _lag(scene: Scene) -> None:
    scene.index.switches.lag_seconds = 20


def _vanish(scene: Scene) -> None:
    scene.when(UPLOAD, scene.lose("index"))


def _once_claimed(deed: Callable[[Scene], None]) -> Callable[[Scene], None]:
    """Have something happen on the index between the claim and the first look before the upload."""
    return lambda scene: scene.when(PUSH, lambda: deed(scene), after=True)


def _take_every_name(scene: Scene) -> None:
    for path in scene.files:
        scene.index.add_foreign_file(path.name, OTHER + path.name.encode())


def _take_the_sdist(scene: Scene) -> None:
    scene.index.add_foreign_file(scene.files[0].name, OTHER)


def _burn(scene: Scene, place: int) -> None:
    name = scene.files[place].name
    scene.index.add_foreign_file(name, OTHER)
    scene.index.delete(name)


def _yank_and_release_next(scene: Scene) -> None:
    scene.index.yank(scene.files[-1].name)
    release_next(scene)


def _quarantine(scene: Scene) -> None:
    scene.index.switches.statuses[scene.plan.distribution] = "quarantined"


def _lift(scene: Scene) -> None:
    scene.index.switches.statuses.clear()


def _expire_token(scene: Scene) -> None:
    scene.index.expire(scene.index.token)


def _give_token(scene: Scene) -> None:
    fresh = scene.index.grant(scene.plan.distribution)
    scene.variables |= {"TWINE_PASSWORD": fresh, "UV_PUBLISH_TOKEN": fresh}


INDEX_FAULTS = (
    Scenario("upload-502", "the index answers one upload with 502", _fail(lambda: Failure("upload", 502))),
    Scenario(
        "upload-500",
        "the index answers every upload with 500",
        _fail(lambda: Failure("upload", 500, times=ALWAYS)),
        14,
        "the index takes no upload of FILE now",
        AGAIN,
        "waits until the index works again",
        _recover,
        AFTER_CLAIM,
    ),
    Scenario(
        "upload-429",
        "the index has had too many uploads",
        _fail(lambda: Failure("upload", 429, retry_after=1)),
        14,
        "the index takes no upload of FILE now",
        AGAIN,
        "waits a moment",
        spares=AFTER_CLAIM,
    ),
    Scenario(
        "index-502",
        "the index answers two looks at the project with 502",
        _fail(lambda: Failure("project", 502, times=2)),
    ),
    Scenario(
        "index-429",
        "the index has had too many looks at the project",
        _fail(lambda: Failure("project", 429, retry_after=1)),
    ),
    Scenario("index-lag", "the index shows new files 20 s late", _lag),
    Scenario(
        "upload-hang-up",
        "the index stores the last file, and hangs up without an answer",
        _fail(lambda: Failure("upload", None, skip=1, after=True)),
    ),
    Scenario(
        "upload-hang-up-early",
        "the index stores the first file, and hangs up without an answer",
        _fail(lambda: Failure("upload", None, after=True)),
        14,
        "the upload was broken off",
        AGAIN,
        "runs it again",
        spares=AFTER_PUBLISHING,
    ),
    Scenario(
        "index-gone",
        "the index goes away in the middle of an upload",
        _vanish,
        14,
        "the upload was broken off",
        AGAIN,
        "waits until the index is back",
        Scene.come_back,
        AFTER_CLAIM,
    ),
    Scenario(
        "other-digests",
        "somebody uploads the same version meanwhile, with other bytes",
        _once_claimed(_take_every_name),
        13,
        "publish: found FILE with DIGEST, wanted DIGEST",
        USED_UP,
        NEXT_VERSION,
        release_next,
        AFTER_CLAIM,
    ),
    Scenario(
        "half-set",
        "the sdist of another build of this version is on the index",
        _once_claimed(_take_the_sdist),
        13,
        "publish: found FILE with DIGEST, wanted DIGEST",
        USED_UP,
        NEXT_VERSION,
        release_next,
        AFTER_CLAIM,
    ),
    Scenario(
        "burnt-name",
        "the wheel's file name was used and deleted before, so the index takes it never again",
        _once_claimed(lambda scene: _burn(scene, -1)),
        13,
        "the index had a file FILE before, and takes a name only once",
        USED_UP,
        NEXT_VERSION,
        release_next,
        AFTER_CLAIM,
    ),
    Scenario(
        "burnt-name-late",
        "the sdist's file name was used and deleted before, and the wheel is on the index already",
        _once_claimed(lambda scene: _burn(scene, 0)),
        13,
        "the index had a file FILE before, and takes a name only once",
        USED_UP,
        f"{NEXT_VERSION}; the wheel is yanked",
        _yank_and_release_next,
        AFTER_PUBLISHING,
    ),
    Scenario(
        "quarantine",
        "the index puts the project in quarantine",
        _once_claimed(_quarantine),
        12,
        "publish: the index has NAME quarantined",
        "ask the index's support to lift it…",
        "asks the index's support, who lift it",
        _lift,
        AFTER_CLAIM,
    ),
    Scenario(
        "expired-index-token",
        "the token for the index has expired",
        _expire_token,
        12,
        "the index does not let us upload FILE",
        "give credentials that may upload it, then run the same command again",
        "makes a new token",
        _give_token,
        AFTER_CLAIM,
    ),
)
