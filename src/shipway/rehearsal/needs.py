"""What a real release will need that is missing here: said at the end of a rehearsal, not on release day."""

from __future__ import annotations

from pathlib import Path

from shipway.project.configuration import Configuration
from shipway.world.environment import Environment
from shipway.world.git import Git

INDEX_CREDENTIALS = ("TWINE_PASSWORD", "UV_PUBLISH_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")


def find_needs(git: Git, configuration: Configuration, environment: Environment, *, gates: bool) -> list[str]:
    """Name what is missing, each as a thing to do."""
    needs = []
    if git.find_remote_url() is None:
        needs.append(f"a remote: git remote add {configuration.remote} ADDRESS")
    elif configuration.forge == "none" and configuration.sources["forge"].startswith("detected"):
        why = configuration.sources["forge"].removeprefix("detected: ")
        needs.append(f"a forge, for pull request and forge release ({why}): set forge in [tool.shipway], or go direct")
    if git.run("var", "GIT_COMMITTER_IDENT", check=False).code != 0:
        needs.append("an identity for commit and tag: git config user.name and user.email")
    if configuration.forge == "github" and not environment.find("GITHUB_TOKEN", "GH_TOKEN"):
        needs.append("a token for the forge: gh auth login, or GITHUB_TOKEN")
    if not environment.find(*INDEX_CREDENTIALS) and not (_home(environment) / ".pypirc").is_file():
        needs.append("a way to prove who you are to the index: trusted publishing in CI, a token, keyring or .pypirc")
    if changed := git.changed_paths():
        needs.append(f"a clean work tree: {len(changed)} changed paths were not part of this rehearsal")
    if not gates:
        needs.append("green gates: they were left out here (--gates runs them too)")
    return needs


def _home(environment: Environment) -> Path:
    return Path(environment.find("HOME", "USERPROFILE") or "/")
