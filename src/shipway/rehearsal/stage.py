"""The stage of a rehearsal: an embedded index, an embedded forge with this repository on it, and a clone."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from shipway.project.configuration import Configuration
from shipway.rehearsal.forge.server import EmbeddedForge
from shipway.rehearsal.index.server import EmbeddedIndex
from shipway.release.outcomes import BlockedError
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.ourselves import own_environment
from shipway.world.process import Processes

OWNER = "rehearsal"
ACTOR = "Shipway rehearsal"
LOOPBACK = "localhost,127.0.0.1"
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
NOT_OURS = ("GITHUB_", "SHIPWAY_", "TWINE_", "UV_PUBLISH_", "ACTIONS_")
"""Variables by which a rehearsal would reach, or write to, something real."""


@dataclass(frozen=True)
class Stage:
    """Two servers, a clone to release from, and how that release is told where it is."""

    index: EmbeddedIndex
    forge: EmbeddedForge
    clone: Path
    repository: str
    flow: str
    uses_forge: bool

    @property
    def remote_url(self) -> str:
        """The address of the repository on the embedded forge."""
        return self.forge.git_url(self.repository)

    @property
    def token_name(self) -> str:
        """Whose token the release has: of a person who may push main, or of a workflow."""
        return "maintainer" if self.flow == "direct" else "release"

    def variables(self, environment: Environment, token_name: str = "") -> dict[str, str]:
        """Give the child's variables: nothing secret of the user's, everything pointing at the stage."""
        kept = {k: v for k, v in environment.scrubbed().items() if not k.startswith(NOT_OURS)}
        token = self.forge.tokens[token_name or self.token_name].value
        basic = b64encode(f"x-access-token:{token}".encode()).decode()
        git = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{self.forge.url}/.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
        }
        index = {
            "SHIPWAY_INDEX": self.index.simple_url,
            "SHIPWAY_INDEX_URL": self.index.simple_url,
            "SHIPWAY_UPLOAD_URL": self.index.upload_url,
            "TWINE_USERNAME": "__token__",
            "TWINE_PASSWORD": self.index.token,
            "UV_PUBLISH_TOKEN": self.index.token,
        }
        forge = {"SHIPWAY_FLOW": self.flow, "SHIPWAY_FORGE": "none", "SHIPWAY_REMOTE": "origin"}
        if self.uses_forge:
            forge |= {
                "SHIPWAY_FORGE": "github",
                "SHIPWAY_FORGE_URL": self.forge.api_url,
                "SHIPWAY_REPOSITORY": self.repository,
                "GITHUB_TOKEN": token,
            }
        direct = {"NO_PROXY": LOOPBACK, "no_proxy": LOOPBACK}
        return kept | own_environment(environment) | direct | git | index | forge | _identity(kept)


@contextmanager
def open_stage(root: Path, environment: Environment, configuration: Configuration, flow: str) -> Iterator[Stage]:
    """Start both servers, put the repository's HEAD and tags on the forge, and clone it from there."""
    git = Git(root, Processes(environment))
    head = git.find_commit("HEAD")
    if head is None:
        raise BlockedError("this repository has no commit", why="a rehearsal releases HEAD", remedy="git commit")
    repository = f"{OWNER}/{repository_name(root.name)}"
    with TemporaryDirectory(prefix="shipway-rehearsal-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        with EmbeddedIndex(home / "index") as index, EmbeddedForge(home / "forge") as forge:
            forge.create_repository(repository, root, head, configuration.branch)
            is_plain = configuration.forge == "none" and not configuration.sources["forge"].startswith("detected")
            stage = Stage(index, forge, home / "clone", repository, flow, not is_plain)
            git.run("clone", "--quiet", stage.remote_url, str(stage.clone), env=_clone_access(stage, environment))
            yield stage


def repository_name(folder: str) -> str:
    """Give a folder's name as a forge takes it for a repository."""
    return NOT_IN_A_NAME.sub("-", folder).strip("-.") or "repository"


def _clone_access(stage: Stage, environment: Environment) -> dict[str, str]:
    return {name: value for name, value in stage.variables(environment).items() if name.startswith("GIT_CONFIG_")}


def _identity(kept: dict[str, str]) -> dict[str, str]:
    """Give an identity to commits that are thrown away, unless the user's environment has one."""
    address = "rehearsal@localhost"
    found = {f"GIT_{who}_{part}": ACTOR for who in ("AUTHOR", "COMMITTER") for part in ("NAME",)}
    found |= {"GIT_AUTHOR_EMAIL": address, "GIT_COMMITTER_EMAIL": address}
    return {name: value for name, value in found.items() if name not in kept}
