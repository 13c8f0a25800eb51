"""The workplace: the repository we stand in, its configuration, and every door, opened once for a command."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from shipway.commands.elsewhere import TOKENS, find_root
from shipway.project.configuration import Configuration, read_configuration
from shipway.project.handover import Handover
from shipway.project.pyproject import read_name
from shipway.project.tag_rule import detecting_tags, read_names
from shipway.release.outcomes import ConfigurationError
from shipway.steps.contract import Doors
from shipway.world.clock import Clock
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.github import GitHub
from shipway.world.http import Http
from shipway.world.index import Index, addresses, simple_url_of
from shipway.world.process import Processes
from shipway.world.register import Register
from shipway.world.uploader import TWINE_NAMES, Uploader


@dataclass(frozen=True)
class Workplace:
    """Everything that a command works with."""

    root: Path
    configuration: Configuration
    handover: Handover
    doors: Doors

    def register(self) -> Register | None:
        """Give the register of this line of release; None where the repository does without."""
        if not self.configuration.register:
            return None
        return Register(self.doors.git, read_name(self.root), self.configuration.branch, self.handover.register)


def open_workplace(folder: Path, environment: Environment) -> Workplace:
    """Open the repository around a folder.

    Raises `BlockedError` outside a repository and `ConfigurationError` for everything wrong in its configuration.
    """
    root = find_root(folder, Processes(environment))
    environment.learn(*Git(root, Processes(environment)).find_credentials())
    configuration = read_settings(root, environment)
    environment = _with_forge_token(environment, configuration, root)
    processes, clock = Processes(environment), Clock()
    http = Http(environment, clock)
    upload_url, simple_url = find_addresses(configuration)
    index = Index(http, simple_url)
    named = TWINE_NAMES.get(configuration.index) if not configuration.upload_url else None
    uploader = Uploader(configuration.publisher, upload_url, simple_url, named, processes)
    forge = GitHub(http, configuration.forge_url, configuration.repository) if configuration.forge == "github" else None
    git = _open_git(root, processes, configuration)
    doors = Doors(environment, clock, processes, git, index, uploader, forge)
    return Workplace(root, configuration, Handover(root), doors)


def find_addresses(configuration: Configuration) -> tuple[str, str]:
    """Give the addresses to upload to and to read from, by configuration and twine's own table."""
    named = configuration.index in TWINE_NAMES
    upload, simple = (configuration.upload_url, configuration.index_url or ("" if named else configuration.index))
    if not upload and named:
        upload = addresses(configuration.index)[0]
    if not upload and configuration.publisher != "external":
        raise ConfigurationError(
            f"index is {configuration.index}, and nothing says where its uploads go",
            remedy="set upload-url in [tool.shipway] in pyproject.toml",
        )
    return upload, simple or simple_url_of(upload)


def read_settings(root: Path, environment: Environment) -> Configuration:
    """Read the configuration; the remote it names is needed to detect the rest of it."""
    git = Git(root, Processes(environment))
    tags, names = detecting_tags(git), read_names(root)
    configuration = read_configuration(root, environment, git.find_remote_url(), tags, names)
    if configuration.remote == git.remote:
        return configuration
    named = Git(root, Processes(environment), configuration.remote)
    return read_configuration(root, environment, named.find_remote_url(), tags, names)


def _with_forge_token(environment: Environment, configuration: Configuration, root: Path) -> Environment:
    """Take the forge's token from its own program where no variable has one, as on a laptop."""
    if configuration.forge != "github" or environment.find(*TOKENS) or not shutil.which("gh"):
        return environment
    host = (urlsplit(configuration.forge_url).hostname or "").removeprefix("api.")
    asked = Processes(environment).run(["gh", "auth", "token", "--hostname", host], cwd=root, check=False)
    token = asked.stdout.strip()
    if asked.code != 0 or not token:
        return environment
    environment.learn(token)
    return environment.extended(**{TOKENS[0]: token})


def _open_git(root: Path, processes: Processes, configuration: Configuration) -> Git:
    """Open git; in CI, the forge's token serves its own host, so that checkout need not leave credentials behind."""
    environment = processes.environment
    url = Git(root, processes, configuration.remote).find_remote_url() or ""
    parts = urlsplit(url)
    forge_host = (urlsplit(configuration.forge_url).hostname or "").removeprefix("api.")
    token = environment.find(*TOKENS)
    if not (environment.is_ci and token and parts.scheme in ("http", "https") and parts.hostname == forge_host):
        return Git(root, processes, configuration.remote)
    return Git(root, processes, configuration.remote, f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/", token)
