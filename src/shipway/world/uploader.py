"""The way to an index: twine or uv, with the credentials that each knows how to find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from configparser import Error, RawConfigParser
from dataclasses import dataclass
from pathlib import Path

from shipway.release.outcomes import ToolError
from shipway.world.environment import Environment
from shipway.world.index_refusals import upload_failure
from shipway.world.installer import find_uv
from shipway.world.ourselves import own_module
from shipway.world.process import Processes

TRUSTED_PUBLISHING = ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL")
"""How a CI run proves who it is; only the uploading program gets them."""

CREDENTIALS = {
    "twine": ("TWINE_USERNAME", "TWINE_PASSWORD", *TRUSTED_PUBLISHING),
    "uv": ("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD", "UV_PUBLISH_TOKEN", *TRUSTED_PUBLISHING),
}

TWINE_NAMES = {"default": "pypi", "test": "testpypi"}
"""What twine's own table, and so ``.pypirc``, calls the two indexes it knows."""


@dataclass(frozen=True)
class Uploader:
    """Uploads files by one program; ``repository`` is a name in ``.pypirc``, where no address was given."""

    program: str
    upload_url: str
    simple_url: str
    repository: str | None
    processes: Processes

    def upload(self, files: Sequence[Path], *, attestations: bool = False) -> None:
        """Upload exactly these files; raises what the index means by a refusal, secrets masked."""
        environment = self.processes.environment
        argv = self._twine(files, attestations) if self.program == "twine" else self._uv(files, attestations)
        child = environment.scrubbed(*CREDENTIALS[self.program], PYTHONWARNINGS="ignore", NO_COLOR="1")
        environment.learn(*_stored_passwords(environment))
        try:
            self.processes.run([*argv, *map(str, files)], cwd=files[0].parent, env=child)
        except ToolError as error:
            raise upload_failure(error, files) from None

    def _twine(self, files: Sequence[Path], attestations: bool) -> list[str]:
        place = ["--repository", self.repository] if self.repository else ["--repository-url", self.upload_url]
        argv = own_module("twine", "upload", "--non-interactive", "--disable-progress-bar", *place)
        if not attestations:
            return argv
        return [*argv, "--attestations", *(f"{file}.publish.attestation" for file in files)]

    def _uv(self, files: Sequence[Path], attestations: bool) -> list[str]:
        del files
        uv = find_uv()
        if uv is None:
            raise ToolError("uv is not installed", why='publisher = "uv" needs it', remedy="python -m pip install uv")
        argv = [uv, "publish", "--quiet", "--publish-url", self.upload_url, "--check-url", self.simple_url]
        return argv if attestations else [*argv, "--no-attestations"]


def _stored_passwords(environment: Environment) -> Iterator[str]:
    """Give the passwords in ``.pypirc``: twine reads them itself, and a server's words may hold them."""
    home, stored = environment.find("HOME", "USERPROFILE"), RawConfigParser()
    try:
        stored.read(Path(home or ".") / ".pypirc", encoding="utf-8")
    except (Error, UnicodeDecodeError):
        return
    for name in stored.sections():
        yield stored.get(name, "password", fallback="")
