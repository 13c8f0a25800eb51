"""The protocol's model: the steps, as `shipway.steps` does them.

Confirming is only a look: the model's index serves what it lists.
"""

from __future__ import annotations

from property.protocol_model import LOOK_SECONDS, Access, Flaw, Step, Todo, looks
from property.protocol_world import ASSETS, FILES, Pull, RefusedError, Release, World


class TakeClaim(Step):
    """The register holds this run's claim."""

    def observe(self) -> Access[Todo]:
        run, held = self.run, self.run.held
        if not (yield from run.look_again()):
            yield from run.lose()
        if run.is_ours:
            self.world.holder = run.number
            return ()
        if held is not None and held.claim.candidate == self.candidate:
            return ("take over",)
        yield "refs"
        if self.world.branches.get(self.version) not in (None, self.candidate.commit):
            if not (yield from run.look_again()):
                yield from run.lose()
            raise RefusedError("conflict")
        return ("push",)

    def act(self, todo: Todo) -> Access[None]:
        yield "refs"
        yield from self.run.take(self.candidate, self.world.branches.get(self.version))


class Publish(Step):
    """The index has the whole set."""

    patience = 60

    def observe(self) -> Access[Todo]:
        yield "index"
        listed = self.world.listed(self.version)
        if set(listed.values()) - {self.candidate.build}:
            raise RefusedError("conflict")
        return tuple(name for name in FILES if name not in listed)

    def act(self, todo: Todo) -> Access[None]:
        first, *rest = todo
        if self.run.flaw is Flaw.LATE_PHASE:
            yield from self._upload(first)
        else:
            rest = list(todo)
        yield from self.run.advance("publishing")
        for name in rest:
            yield from self._upload(name)

    def _upload(self, name: str) -> Access[None]:
        yield "upload"
        self.world.upload(self.version, name, self.candidate.build)


class Confirm(Step):
    """A stranger can install it."""

    patience = 120

    def observe(self) -> Access[Todo]:
        yield "index"
        return () if self.world.listed(self.version) else ("wait",)

    def act(self, todo: Todo) -> Access[None]:
        yield from ()


class OpenPullRequest(Step):
    """A pull request is open or merged, or main has its content."""

    patience = 60

    def observe(self) -> Access[Todo]:
        found = yield from self._find()
        if found is not None and found.state != "closed":
            return () if found.labelled or found.state == "merged" else ("label",)
        yield "refs"
        if self.world.has_landed(self.candidate.commit):
            return ()
        if found is not None:
            raise RefusedError("blocked")
        return ("open", "label")

    def act(self, todo: Todo) -> Access[None]:
        found = yield from self._open() if "open" in todo else self._find()
        if found is not None:
            yield "label"
            found.labelled = True

    def _open(self) -> Access[Pull]:
        yield "open"
        try:
            return self.world.open_pull(self.candidate)
        except RefusedError as error:
            if error.code != "blocked":
                raise
            if (found := (yield from self._find())) is not None:
                return found
            yield "refs"
            if self.world.has_landed(self.candidate.commit):
                raise
            yield "refs"
            if self.version in self.world.branches:
                raise
        yield "push"
        self.world.create_branch(self.candidate)
        yield "refs"
        if self.version not in self.world.branches:
            raise RefusedError("blocked")
        yield "open"
        return self.world.open_pull(self.candidate)

    def _find(self) -> Access[Pull | None]:
        yield "pulls"
        ours = [pull for pull in self.world.list_pulls(self.version) if pull.commit == self.candidate.commit]
        return min(ours, key=lambda pull: pull.state == "closed", default=None)


class Push(Step):
    """The release commit is in main."""

    def observe(self) -> Access[Todo]:
        yield "refs"
        if self.candidate.commit in self.world.main:
            return ()
        return ("fast-forward",) if self.world.main == self.candidate.plan.base else ("merge",)

    def act(self, todo: Todo) -> Access[None]:
        yield "refs"
        tip = self.world.main
        yield "push"
        if not self.world.push_main(tip, self.candidate.commit):
            yield "refs"
            if self.world.main == tip:
                raise RefusedError("blocked")


class PushTag(Step):
    """The tag is at the release commit."""

    def observe(self) -> Access[Todo]:
        yield "refs"
        found = self.world.tags.get(self.version)
        if found not in (None, self.candidate.commit):
            raise RefusedError("conflict")
        return () if found else ("push",)

    def act(self, todo: Todo) -> Access[None]:
        yield "push"
        self.world.push_tag(self.candidate)
        yield "refs"


class WriteEvidence(Step):
    """The evidence of this candidate is in the work tree; what it reads of the world decides nothing."""

    patience = 0

    def observe(self) -> Access[Todo]:
        yield from ()
        return () if self.run.disk.evidence == self.candidate else ("write",)

    def act(self, todo: Todo) -> Access[None]:
        yield from ()
        self.world.list_pulls(self.version)
        self.run.disk.evidence = self.candidate


class PublishRelease(Step):
    """A forge release is published with every asset, and no double is left."""

    patience = 60

    def observe(self) -> Access[Todo]:
        ours = yield from self._find_ours()
        if not ours:
            return ("draft", *ASSETS, "publish")
        found, *others = ours
        if set(found.assets.values()) - {self.candidate.build}:
            raise RefusedError("conflict")
        deletes = [f"delete {double.id}" for double in others if double.draft]
        return (*deletes, *_missing(found), *(("publish",) if found.draft else ()))

    def act(self, todo: Todo) -> Access[None]:
        release = next(iter((yield from self._find_ours())), None)
        if release is None:
            release = yield from self._draft()
        for name in _missing(release):
            yield "asset"
            self.world.upload_asset(release.id, name, self.candidate.build)
        if "publish" in todo:
            yield from self._publish(release.id)
        yield from _delete_drafts(self.world, todo)

    def _find_ours(self) -> Access[list[Release]]:
        yield "releases"
        listed = {release.id: release for release in self.world.list_releases(self.version)}
        noted = self.run.disk.draft
        if noted and noted not in listed:
            yield "release"
            known = self.world.find_release(noted)
            listed |= {known.id: known} if known else {}
        return sorted(listed.values(), key=lambda release: (release.draft, len(_missing(release)), release.id))

    def _draft(self) -> Access[Release]:
        if self.run.disk.draft == 0:
            for _ in range(looks(LOOK_SECONDS)):
                if found := (yield from self._find_ours()):
                    self.run.disk.draft = found[0].id
                    return found[0]
        self.run.disk.draft = 0
        yield "draft"
        made = self.world.create_draft(self.version)
        yield "drafted"
        self.run.disk.draft = made.id
        return made

    def _publish(self, number: int) -> Access[None]:
        yield "release"
        fresh = self.world.find_release(number)
        if fresh is None:
            raise RefusedError("blocked")
        if fresh.draft:
            yield "refs"
            if self.world.tags.get(self.version) != self.candidate.commit:
                raise RefusedError("blocked")
            yield "refs"
            yield "publish"
            self.world.publish_release(number)


def _missing(release: Release) -> list[str]:
    return [name for name in ASSETS if name not in release.assets]


def _delete_drafts(world: World, todo: Todo) -> Access[None]:
    for number in [int(action.split()[1]) for action in todo if action.startswith("delete ")]:
        yield "release"
        found = world.find_release(number)
        if found is None:
            continue
        if not found.draft:
            raise RefusedError("blocked")
        yield "delete"
        world.delete_release(number)


class Close(Step):
    """The register says done, and neither a double nor a branch is left that nobody needs."""

    def observe(self) -> Access[Todo]:
        yield "refs"
        held, branch = self.run.held, self.world.branches.get(self.version)
        if self.version not in self.world.tags:
            return ()
        mark = () if held is not None and held.claim.phase == "done" else ("mark",)
        yield "releases"
        listed = self.world.list_releases(self.version)
        drafts = [f"delete {release.id}" for release in listed if release.draft]
        left = (*mark, *(drafts if len(drafts) < len(listed) else ()))
        if branch != self.candidate.commit:
            return left
        yield "pulls"
        is_needed = any(pull.state == "open" for pull in self.world.list_pulls(self.version))
        return left if is_needed else (*left, "delete")

    def act(self, todo: Todo) -> Access[None]:
        yield from _delete_drafts(self.world, todo)
        commit = self.candidate.commit
        if "mark" in todo:
            yield from self.run.finish({self.version: (commit, None)} if "delete" in todo else {})
        elif "delete" in todo:
            yield "push"
            self.world.delete_branch(self.version, commit)
