"""The laws: what must hold when a release is over, however it came there; each a function that says what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from shipway.project.version_source import find_version_source
from shipway.rehearsal.forge.state import Release
from shipway.rehearsal.sweep.aftermath import BRANCHES, TAGS, Aftermath, Expected, files_left
from shipway.rehearsal.sweep.events import REGISTER

PULLS = "refs/pull/"
OUR_FOLDER = "!! .release/"

Problems = Iterator[str]


def register_is_done(found: Aftermath, expected: Expected) -> Problems:
    """Want the register to say that all is done, for the version that was asked for."""
    if found.claim["phase"] != "done":
        yield f"the register says {found.claim['phase']}"
    if (str(found.version), found.tag) != (expected.version, expected.tag):
        yield f"{found.version} was released as {found.tag}, not {expected.version} as {expected.tag}"


def index_has_the_set(found: Aftermath, expected: Expected) -> Problems:
    """Want exactly the claim's distributions on the index, with the claim's digests."""
    del expected
    files = {file.name: file.digest for file in found.trial.stage.index.files}
    for name in sorted(files.keys() | found.digests.keys()):
        have, want = files.get(name, "nothing"), found.digests.get(name, "nothing")
        if have != want:
            yield f"the index has {name} as {have[:12]}, the claim as {want[:12]}"


def tag_is_one(found: Aftermath, expected: Expected) -> Problems:
    """Want one new tag, annotated, at the release commit, and the others as they were."""
    del expected
    tags, before = ({n: v for n, v in refs.items() if n.startswith(TAGS)} for refs in (found.refs, found.trial.before))
    new = sorted(name.removeprefix(TAGS) for name in tags if tags[name] != before.get(name))
    if new != [found.tag]:
        yield f"the new tags are {new}, not {found.tag} alone"
    if gone := sorted(set(before) - set(tags)):
        yield f"tags are gone: {gone}"
    ours = f"{TAGS}{found.tag}"
    if ours in tags and tags[ours][1] != "tag":
        yield f"{found.tag} is not annotated"
    if ours in tags and found.bare.find_commit(ours) != found.commit:
        yield f"{found.tag} is not at the release commit"


def pull_request_is_one(found: Aftermath, expected: Expected) -> Problems:
    """Want as many pull requests as a clean run opens (one or none), for the release commit, open or merged."""
    if len(found.pulls) != expected.pulls:
        yield f"there are {len(found.pulls)} pull requests, not {expected.pulls}"
    for pull in found.pulls:
        if pull.state == "closed" and pull.merged is None:
            yield f"#{pull.number} is closed, and not merged"
        heads = (pull.head_commit, pull.created_head)
        if found.commit not in (*heads, *(found.parent_of(head) for head in heads if found.goes_on)):
            yield f"#{pull.number} is for {pull.head_commit[:9]}, not for the release commit"


def forge_release_is_whole(found: Aftermath, expected: Expected) -> Problems:
    """Want one forge release, published, for the tag, with every asset once and whole."""
    releases = found.trial.repository.releases
    if found.trial.stage.uses_forge and len(releases) != 1:
        yield f"there are {len(releases)} forge releases"
    for release in releases:
        if release.draft:
            yield "a draft is left over"
        if release.tag != found.tag:
            yield f"a forge release is for {release.tag}"
        yield from _judge_assets(found, expected, release)


def changelog_has_one_section(found: Aftermath, expected: Expected) -> Problems:
    """Want one section of the version in the release commit, and in the main branch once it has landed."""
    if sum(expected.sections.values()) != (0 if found.version.is_prerelease else 1):
        yield f"a clean run wrote {dict(expected.sections)} sections"
    places = {"the release commit": found.commit}
    places |= {found.branch: found.tip} if found.has_landed(expected) else {}
    for name, commit in places.items():
        if (sections := found.count_sections(commit)) != expected.sections:
            yield f"{name} has {sections} sections, not {dict(expected.sections)}"


def main_has_the_release(found: Aftermath, expected: Expected) -> Problems:
    """Want the main branch to have the release once it has landed and not before, and all that it had."""
    start, _ = found.trial.before[f"{BRANCHES}{found.branch}"]
    for commit in filter(None, (start, found.trial.meanwhile)):
        if not found.bare.is_ancestor(commit, found.tip):
            yield f"{found.branch} has lost {commit[:9]}"
    if not found.has_landed(expected):
        if found.commit != start and found.bare.is_ancestor(found.commit, found.tip):
            yield f"{found.branch} has the release commit, and nobody merged it"
        return
    written = find_version_source(lambda path: found.find_text(found.tip, path)).read()
    if written not in (None, found.goes_on_with):
        yield f"{found.branch} says {written}, not {found.goes_on_with}"
    spent = [path for path in found.changed_paths("D") if found.find_text(found.tip, path) is not None]
    if spent:
        yield f"{found.branch} still has the spent {', '.join(spent)}"


def no_ref_is_left(found: Aftermath, expected: Expected) -> Problems:
    """Want no branch but those from before and, while its pull request is open, the release branch."""
    del expected
    known = {name for name in found.trial.before if not name.startswith(TAGS)}
    needed = {f"{BRANCHES}{pull.head_branch}" for pull in found.pulls if pull.state == "open"}
    others = [name for name in found.refs if not name.startswith((TAGS, PULLS, REGISTER))]
    if left := sorted({*others} - known - needed):
        yield f"left over: {', '.join(left)}"
    if gone := sorted((known | needed) - {*found.refs}):
        yield f"gone: {', '.join(gone)}"


def no_token_is_left(found: Aftermath, expected: Expected) -> Problems:
    """Want no minted upload token to be alive."""
    del expected
    if alive := found.trial.stage.index.live_tokens:
        yield f"{alive} upload tokens are alive"


def clone_is_clean(found: Aftermath, expected: Expected) -> Problems:
    """Want the clone as it was, but for ``.release/``, and nothing there that a clean run does not leave."""
    machine, git = found.machine, found.machine.git
    changed = git.run("status", "--porcelain", "--ignored", "-z").stdout.split("\0")
    if strays := [line for line in changed if line not in ("", OUR_FOLDER)]:
        yield f"the work tree has changed: {', '.join(strays)}"
    if (refs := git.read("for-each-ref")) != machine.refs:
        yield f"its own refs have changed: {refs}"
    if (machine.clone / ".git" / "config").read_text(encoding="utf-8") != machine.settings:
        yield "git's settings have changed"
    if len(git.read("worktree", "list").splitlines()) != 1:
        yield "a linked work tree is left over"
    if locks := sorted(path.name for path in (machine.clone / ".git").rglob("*.lock")):
        yield f"locks are left over in .git: {', '.join(locks)}"
    if left := sorted(files_left(machine) - expected.left):
        yield f"left over in .release: {', '.join(left)}"


def nothing_was_built_after_the_claim(found: Aftermath, expected: Expected) -> Problems:
    """Want no build to be started, by any run, once the register holds a claim."""
    del expected
    claimed = False
    for number, run in enumerate(found.trial.runs, start=1):
        if builds := run.seen.builds if claimed else run.seen.builds_after_claim:
            yield f"run {number} started {builds} builds after the claim"
        claimed = claimed or any(REGISTER in event.name for event in run.seen.effects)


LAWS: Sequence[Callable[[Aftermath, Expected], Problems]] = (
    register_is_done,
    index_has_the_set,
    tag_is_one,
    pull_request_is_one,
    forge_release_is_whole,
    changelog_has_one_section,
    main_has_the_release,
    no_ref_is_left,
    no_token_is_left,
    clone_is_clean,
    nothing_was_built_after_the_claim,
)
"""All that must hold."""


def judge(found: Aftermath, expected: Expected) -> list[str]:
    """Give everything that is wrong, law by law."""
    problems: list[str] = []
    for law in LAWS:
        try:
            problems += [f"{law.__name__}: {problem}" for problem in law(found, expected)]
        except Exception as error:  # noqa: BLE001 - a world that cannot even be judged is one that did not converge
            problems.append(f"{law.__name__}: {error or type(error).__name__}")
    return problems


def _judge_assets(found: Aftermath, expected: Expected, release: Release) -> Problems:
    names = Counter(asset.name for asset in release.assets)
    if names != Counter(expected.assets):
        yield f"the assets are {sorted(names.elements())}, not {sorted(expected.assets)}"
    digests = {a.name: sha256(a.content).hexdigest() for a in release.assets if a.state == "uploaded"}
    for name, digest in found.digests.items():
        if digests.get(name) != digest:
            yield f"the asset {name} is {digests.get(name, 'not there')[:12]}, the claim has {digest[:12]}"
