"""What people do: in the forge's browser pages, with git, and by what a remedy tells them to type."""

from __future__ import annotations

from packaging.version import Version

from shipway.rehearsal.faults.child import run_command
from shipway.rehearsal.faults.scene import Scene
from shipway.rehearsal.forge.merges import work_tree
from shipway.release.succession import following
from shipway.world.clock import Clock
from shipway.world.environment import Environment
from shipway.world.http import Http

COLLEAGUE = {
    f"GIT_{who}_{part}": value
    for who in ("AUTHOR", "COMMITTER")
    for part, value in (("NAME", "A. Colleague"), ("EMAIL", "colleague@localhost"))
}


def as_maintainer(scene: Scene, method: str, path: str, document: object = None) -> None:
    """Do on the forge what a maintainer does in a browser: by the REST interface, with all permissions."""
    url = f"{scene.forge.api_url}/repos/{scene.stage.repository}{path}"
    headers = {"Authorization": f"Bearer {scene.forge.tokens['maintainer'].value}"}
    answer = Http(Environment({}), Clock()).request(method, url, headers=headers, json=document)
    assert answer.status < 300, answer.text  # noqa: S101 - the embedded forge lets its maintainer


def move_main(scene: Scene, path: str, text: str) -> None:
    """Have a colleague bring a changed file to main."""
    git, branch = scene.repository.git, scene.repository.default_branch
    with work_tree(git, git.branch(branch) or "") as tree:
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")
        git.run("add", "--all", cwd=tree)
        git.run("commit", "--quiet", "--message", f"Change {path}", cwd=tree, env=COLLEAGUE)
        commit = git.run("rev-parse", "HEAD", cwd=tree).stdout.strip()
    git.update_ref(f"refs/heads/{branch}", commit)


def tag_main(scene: Scene, name: str) -> None:
    """Have a person tag main by hand."""
    git = scene.repository.git
    git.update_ref(f"refs/tags/{name}", git.branch(scene.repository.default_branch) or "")


def release_next(scene: Scene) -> None:
    """Have a person give the claim back, and ask for the version after it from now on."""
    after = following(Version(scene.plan.version))
    run_command(scene, "abandon", "--used-up", "--yes")
    scene.words = (str(after), *(word for word in scene.words if word == "--no-gates"))
