"""Ways in which a repository is unfit for a release: how each comes about, which check names it, and what mends it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from shutil import rmtree

from end_to_end.support import NOXFILE, World, git
from shipway.adopt.doctor.finding import Finding
from shipway.rehearsal.forge.state import RefRule
from shipway.world.installer import find_uv

WORKFLOW = ".github/workflows/release.yml"
RELEASE = """\
on: workflow_dispatch
jobs:
  publish:
    environment: pypi
    permissions: {id-token: write}
    steps:
      - run: nox -s publish
"""


def on_branch(world: World) -> None:
    git(world.clone, "switch", "--quiet", "--create", "side")


def dirty(world: World) -> None:
    (world.clone / "README.md").write_text("# Mine\n", encoding="utf-8")


def behind(world: World) -> None:
    world.commit({"more.txt": "more\n"})
    git(world.clone, "reset", "--quiet", "--hard", "HEAD~1")


def ahead(world: World) -> None:
    world.stage.forge.repository().protected.clear()  # so that a person's push of main is taken
    world.commit({"more.txt": "ahead\n"}, push=False)


def two_servers(world: World) -> None:
    git(world.clone, "remote", "set-url", "--push", "origin", world.stage.remote_url)
    git(world.clone, "remote", "set-url", "origin", "https://elsewhere.invalid/acme")


def no_remote(world: World) -> None:
    git(world.clone, "remote", "remove", "origin")


def tokenless(world: World) -> None:
    world.variables.pop("GITHUB_TOKEN")


def token(name: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.variables["GITHUB_TOKEN"] = world.stage.forge.tokens[name].value

    return change


def refused(ref: str) -> Callable[[World], None]:
    return lambda world: world.stage.forge.switches.refused_refs.append(ref)


def unsigned(world: World) -> None:
    world.stage.forge.switches.signed_commits = True


def pushing(world: World) -> None:
    world.variables["SHIPWAY_FLOW"] = "direct"
    world.stage.forge.repository().rules.append(RefRule("refs/heads/main", frozenset({"update"})))


def open_main(world: World) -> None:
    world.stage.forge.repository().protected.clear()


def no_pulls(world: World) -> None:
    world.stage.forge.switches.refuse_pull_requests = True


def archived(world: World) -> None:
    world.stage.forge.repository().archived = True


def quarantined(world: World) -> None:
    world.stage.index.switches.statuses["acme-widgets"] = "quarantined"


def reusable(world: World) -> None:
    write(world, WORKFLOW, RELEASE.replace("workflow_dispatch", "workflow_call"))


def no_environment(world: World) -> None:
    world.stage.forge.repository().environments.clear()


def no_gate(world: World) -> None:
    write(world, "noxfile.py", NOXFILE.replace('tags=["gate"], ', ""))


def broken_noxfile(world: World) -> None:
    write(world, "noxfile.py", "import nox\nnox.session(\n")


def misnamed(world: World) -> None:
    world.commit({"changelog.d/8.fetaure.md": "More.\n"})


def nothing(world: World) -> None:
    world.commit({"changelog.d/7.feature.md": None})


def empty(world: World) -> None:
    world.commit({"changelog.d/7.feature.md": "\n"})


def unlanded(world: World) -> None:
    pyproject = (world.clone / "pyproject.toml").read_text(encoding="utf-8")
    git(world.clone, "switch", "--quiet", "--create", "release/1.3.0")
    world.commit({"pyproject.toml": pyproject.replace("1.2.4", "1.3.0")})
    git(world.clone, "push", "--quiet", str(world.bare), "HEAD:refs/tags/v1.3.0")
    git(world.clone, "switch", "--quiet", "main")


def unread(world: World) -> None:
    pyproject = (world.clone / "pyproject.toml").read_text(encoding="utf-8")
    world.commit({"pyproject.toml": re.sub(r'version = ".*"', 'version = "one"', pyproject)})


def disagreeing(world: World) -> None:
    pyproject = (world.clone / "pyproject.toml").read_text(encoding="utf-8")
    table = '\n[tool.shipway]\nversion-files = ["docs/conf.py"]\n'
    world.commit({"pyproject.toml": pyproject + table, "docs/conf.py": 'release = "1.2.3"\n'})


def agreeing(world: World) -> None:
    world.commit({"docs/conf.py": 'release = "1.2.4"\n'})


def stale(world: World) -> None:
    world.commit({"uv.lock": "version = 1\nrevision = 3\nrequires-python = '>=3.11'\n"})


def write(world: World, name: str, text: str) -> None:
    (world.clone / name).parent.mkdir(parents=True, exist_ok=True)
    (world.clone / name).write_text(text, encoding="utf-8")


def typed(world: World, finding: Finding) -> None:
    """Type the commands of the remedy."""
    world.follow(finding.remedy, ADDRESS=world.stage.remote_url)


def settings(world: World) -> None:
    """Change the settings of the repository on the forge, as its remedies say."""
    switches, repository = world.stage.forge.switches, world.stage.forge.repository()
    switches.refused_refs.clear()
    switches.signed_commits = switches.refuse_pull_requests = False
    repository.archived = False
    repository.protected = ["main"]
    repository.rules.clear()
    world.stage.index.switches.statuses.clear()


def waiting(world: World) -> None:
    world.variables["SHIPWAY_FLOW"] = "publish-first"


def lifted(world: World) -> None:
    world.stage.index.switches.statuses["acme-widgets"] = "active"


def environment(world: World) -> None:
    world.stage.forge.repository().environments.append("pypi")


def whole_noxfile(world: World) -> None:
    write(world, "noxfile.py", NOXFILE)


def file_of(name: str, text: str) -> Callable[[World], None]:
    return lambda world: write(world, name, text)


def undone(world: World) -> None:
    """Take the last commit back everywhere."""
    git(world.clone, "revert", "--no-edit", "HEAD")
    git(world.clone, "push", "--quiet", str(world.bare), "HEAD")


def merged(world: World) -> None:
    git(world.clone, "merge", "--quiet", "--no-edit", "release/1.3.0")
    git(world.clone, "push", "--quiet", str(world.bare), "HEAD")


def locked(world: World) -> None:
    subprocess.run([str(find_uv()), "lock", "--quiet"], cwd=world.clone, env=world.variables, check=True)
    world.commit({})


@dataclass(frozen=True)
class State:
    """One way to be unfit: the check that names it, in which words, and what a person does by its remedy."""

    breaks: Callable[[World], None]
    check: str
    level: str
    says: str
    remedy: str
    mends: Callable[[World], None] | None = None
    """None: the remedy is typed as it stands."""


STATES = {
    "another branch": (State(on_branch, "branch", "blocks", "not main", "git switch main"),),
    "behind": (State(behind, "in step", "blocks", "behind", "git pull"),),
    "no remote": (State(no_remote, "remote", "blocks", "no git remote", "git remote add"),),
    "no token": (State(tokenless, "token", "blocks", "no token", "set GITHUB_TOKEN", token("release")),),
    "settings of the forge": (
        State(no_pulls, "may open", "blocks", "open a pull request", "allow GitHub Actions to create", settings),
        State(archived, "may write", "blocks", "archived", "unarchive", settings),
        State(open_main, "main", "advice", "not protected", "add a ruleset", settings),
        State(refused("refs/heads/release/*"), "release branch", "blocks", "release/1.3.0", "exempt", settings),
        State(refused("refs/tags/v*"), "tag rules", "blocks", "the tag v1.3.0", "take v1.3.0 out", settings),
        State(unsigned, "signatures", "blocks", "signs none", "git config commit.gpgSign true"),
    ),
    "a checkout in use": (
        State(two_servers, "one server", "advice", "another address", "git remote set-url"),
        State(dirty, "work tree", "advice", "changes", "git stash"),
    ),
    "files of the repository": (
        State(no_gate, "gates", "blocks", "tagged gate", "tag a session", file_of("noxfile.py", NOXFILE)),
        State(reusable, "reusable", "blocks", "only ever called", "started itself", file_of(WORKFLOW, RELEASE)),
        State(no_environment, "environment", "advice", "no environment pypi", "create it", environment),
    ),
    "a fragment that would be lost": (State(misnamed, "fragments", "blocks", "8.fetaure.md", "rename it", undone),),
    "nothing to release": (State(nothing, "plan", "advice", "holds no fragment", "changelog -- add", undone),),
    "a lock file of before": (State(stale, "lock", "advice", "not in step", "uv lock", locked),),
    "a release that has not landed": (
        State(unlanded, "landed", "blocks", "v1.3.0 is tagged", "merge release", merged),
    ),
}
MORE = {
    "a version that is none": (State(unread, "version", "blocks", "'one'", "write a version", undone),),
    "a version that is elsewhere another": (
        State(disagreeing, "version", "blocks", "not the same everywhere", "write 1.2.4", agreeing),
    ),
    "main with a rule": (State(pushing, "main", "blocks", "keeps main from being pushed", "publish-first", waiting),),
    "ahead": (State(ahead, "in step", "blocks", "ahead", "git push origin main"),),
    "a weak token": (
        State(token("reader"), "may write", "blocks", "may not write", "contents: write", token("release")),
    ),
    "a pushing token": (
        State(token("pusher"), "may open", "blocks", "open a pull", "pull_requests", token("release")),
    ),
    "a quarantined project": (State(quarantined, "takes uploads", "blocks", "quarantined", "support", lifted),),
    "a broken noxfile": (State(broken_noxfile, "gates", "blocks", "could not list", "nox --list", whole_noxfile),),
    "an empty fragment": (State(empty, "plan", "blocks", "is empty", "write a sentence", undone),),
}


def clear(world: World) -> None:
    """Take away what a state has left beside what its remedy mends."""
    git(world.clone, "config", "--unset-all", "commit.gpgSign", check=False)
    settings(world)
    world.stage.forge.repository().environments.clear()
    waiting(world)
    rmtree(world.clone / ".release", ignore_errors=True)  # or an earlier plan would be shown again
    git(world.clone, "fetch", "--quiet", str(world.bare), "main")
    git(world.clone, "checkout", "--quiet", "--force", "-B", "main", "FETCH_HEAD")
    git(world.clone, "clean", "--quiet", "--force", "-d", "--exclude", ".release")
