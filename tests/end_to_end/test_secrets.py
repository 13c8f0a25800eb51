"""Secrets: canaries wherever secrets live, and every byte printed, written or started is searched for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from end_to_end.canaries import MINTED, Recorder, echo_server, find_traces
from end_to_end.support import BACKEND, NOXFILE, World, git, make_project, open_world
from world.index_support import server_context

AWKWARD = 'can/ary@p"ss+w%rd\\ü-4f1c77d2'
"""A secret with everything that addresses, JSON and base64 spell otherwise."""
PASSWORD = 'can/ary@p"ss+w%rd-93b0e1aa'
"""The same for git's server, in ASCII, as HTTP wants it."""

DUMP = 'Path(os.environ["DUMP"], "{}").write_text(repr(dict(os.environ)))'
PROJECT = {
    "noxfile.py": NOXFILE.replace("import nox\n", "import os\nfrom pathlib import Path\nimport nox\n").replace(
        'session.log("fine")', DUMP.format("gate")
    ),
    "_build/tiny.py": BACKEND.replace(
        "    name, version, _ = _project()\n", f"    {DUMP.format('build')}\n    name, version, _ = _project()\n"
    ),
}
GITHUB = {"CI": "true", "GITHUB_ACTIONS": "true"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one project, whose gate and back-end write down the variables that they see."""
    return make_project(tmp_path_factory.mktemp("secrets") / "acme", PROJECT)


class Trap:
    """A world full of canaries, with all that is started in it written down."""

    def __init__(self, world: World, place: Path) -> None:
        self.world = world
        self.home = place / "home"
        self.dump = place / "dump"
        self.temporary = place / "tmp"
        for folder in (self.home, self.dump, self.temporary):
            folder.mkdir()
        self.recorder = Recorder(place / "recorder")
        variables = world.variables
        self.canaries = [AWKWARD, variables["TWINE_PASSWORD"], variables["GITHUB_TOKEN"]]
        variables |= {"AWS_SECRET_ACCESS_KEY": AWKWARD, "HOME": str(self.home), "TMPDIR": str(self.temporary)}
        variables |= {"DUMP": str(self.dump), "UV_CACHE_DIR": str(place / "cache")}
        variables |= {"GITHUB_OUTPUT": str(place / "output"), "GITHUB_STEP_SUMMARY": str(place / "summary"), **GITHUB}
        variables |= self.recorder.variables(variables["PATH"])
        self.files = [place / "output", place / "summary", self.temporary, self.home]

    def login_in_address(self) -> None:
        """Log git in by the remote's address alone."""
        forge = self.world.stage.forge
        forge.add_token(replace(forge.tokens["release"], name="address", value=PASSWORD))
        self.canaries.append(PASSWORD)
        self.without_header()
        parts = urlsplit(self.world.stage.remote_url)
        self.set_remote(parts._replace(netloc=f"somebody:{quote(PASSWORD, safe='')}@{parts.netloc}").geturl())

    def without_header(self) -> None:
        """Take git's header out of the environment."""
        for name in [name for name in self.world.variables if name.startswith("GIT_CONFIG_") and name[-1] == "0"]:
            del self.world.variables[name]
        del self.world.variables["GIT_CONFIG_COUNT"]

    def set_remote(self, url: str) -> None:
        """Give the clone another address of its remote."""
        self.config("remote.origin.url", url)

    def config(self, key: str, value: str) -> None:
        """Write a setting of the clone."""
        git(self.world.clone, "config", key, value)

    def release(self, *words: str, code: int = 0, **env: str) -> str:
        """Release with the recorded interpreter, and search everything for every canary."""
        done = self.world.run("release", "minor", *words, interpreter=str(self.recorder.python), **env)
        printed = done.stdout + done.stderr
        assert done.returncode == code, printed
        assert "Traceback" not in printed
        traces = find_traces(self.world, printed, self.files, self.canaries)
        assert traces == [], printed
        commands = self.recorder.commands()
        assert commands
        assert find_traces(None, "\n".join(commands), [], self.canaries) == []
        for seen in self.dump.iterdir():
            assert find_traces(None, seen.read_text(encoding="utf-8"), [], self.canaries) == [], seen.name
        return printed


@contextmanager
def trap(project: Path, place: Path, publisher: str = "twine") -> Iterator[Trap]:
    """Open a world full of canaries."""
    with open_world(project, publisher=publisher) as world:
        yield Trap(world, place)


@pytest.mark.parametrize("publisher", ["twine", pytest.param("uv", marks=pytest.mark.long)])
def test_a_release_shows_and_stores_no_secret(project: Path, tmp_path: Path, publisher: str) -> None:
    with trap(project, tmp_path, publisher=publisher) as caught:
        caught.login_in_address()
        assert "1.3.0 is out." in caught.release()
        assert {path.name for path in caught.dump.iterdir()} == {"gate", "build"}
        programs = {Path(command.split("\0")[0]).name for command in caught.recorder.commands()}
        assert programs >= {"python", "uv", "git", "git-remote-http"}


@pytest.mark.parametrize("publisher", ["twine", pytest.param("uv", marks=pytest.mark.long)])
def test_an_index_that_echoes_the_token_gives_nothing_away(project: Path, tmp_path: Path, publisher: str) -> None:
    with trap(project, tmp_path, publisher=publisher) as caught, echo_server(400) as echo:
        code = 12 if publisher == "twine" else 15  # uv asks first what is there, and gets no answer that it knows
        printed = caught.release("--no-gates", code=code, SHIPWAY_UPLOAD_URL=f"{echo.url}/legacy/")
        assert echo.seen
        assert "you sent" in printed


@pytest.mark.long
def test_a_pypirc_gives_nothing_away(project: Path, tmp_path: Path) -> None:
    with trap(project, tmp_path) as caught, echo_server(400) as echo:
        token = caught.world.stage.index.token
        stored = "[pypi]\nrepository = {}\nusername = __token__\npassword = {}\n"
        place = caught.home / ".pypirc"
        caught.files = [path for path in caught.files if path != caught.home]
        for name in ("TWINE_PASSWORD", "TWINE_USERNAME", "UV_PUBLISH_TOKEN", "SHIPWAY_UPLOAD_URL"):
            del caught.world.variables[name]
        place.write_text(stored.format(f"{echo.url}/legacy/", token), encoding="utf-8")
        assert "you sent" in caught.release("--no-gates", code=12, SHIPWAY_INDEX="default")
        place.write_text(stored.format(caught.world.stage.index.upload_url, token), encoding="utf-8")
        assert "1.3.0 is out." in caught.release("--no-gates", SHIPWAY_INDEX="default")


@pytest.mark.parametrize("status", [400, pytest.param(500, marks=pytest.mark.long)])
def test_a_forge_that_echoes_the_token_gives_nothing_away(project: Path, tmp_path: Path, status: int) -> None:
    with trap(project, tmp_path) as caught, echo_server(status) as echo:
        printed = caught.release("--no-gates", code=12 if status == 400 else 14, SHIPWAY_FORGE_URL=echo.url)
        assert echo.seen
        assert "you sent" in printed


@pytest.mark.long
def test_a_git_server_that_echoes_the_password_gives_nothing_away(project: Path, tmp_path: Path) -> None:
    with trap(project, tmp_path) as caught, echo_server(500) as echo:
        caught.login_in_address()
        parts = urlsplit(echo.url)
        address = parts._replace(netloc=f"somebody:{quote(PASSWORD, safe='')}@{parts.netloc}", path="/acme.git")
        caught.set_remote(address.geturl())
        assert "origin could not be asked" in caught.release("--no-gates", code=14)
        assert echo.seen


@pytest.mark.parametrize("login", ["address", "settings"])
def test_a_push_refused_with_the_password_in_its_words_gives_nothing_away(
    project: Path, tmp_path: Path, login: str
) -> None:
    with trap(project, tmp_path) as caught:
        secret = PASSWORD if login == "address" else caught.world.variables["GITHUB_TOKEN"]
        if login == "address":
            caught.login_in_address()
        else:  # as actions that check out leave it in .git/config
            header = caught.world.variables["GIT_CONFIG_VALUE_0"].replace(
                "Authorization: Basic", "AUTHORIZATION: basic"
            )
            caught.config(caught.world.variables["GIT_CONFIG_KEY_0"], header)
            caught.without_header()
            for name in ("CI", "GITHUB_ACTIONS"):
                del caught.world.variables[name]
        hook = caught.world.bare / "hooks" / "pre-receive"
        words = [secret, quote(secret, safe=""), json.dumps(secret), secret[:9] + "\x1b[0m" + secret[9:]]
        hook.write_text(
            "#!/bin/sh\ncat >&2 <<'END'\nyou sent " + "\n".join(words) + "\nEND\nexit 1\n", encoding="utf-8"
        )
        hook.chmod(0o755)
        assert "you sent ***" in caught.release("--no-gates", "--yes", code=12)


@pytest.mark.long
def test_a_token_from_the_forges_own_program_gives_nothing_away(project: Path, tmp_path: Path) -> None:
    with trap(project, tmp_path) as caught, echo_server(400) as echo:
        token = caught.world.variables.pop("GITHUB_TOKEN")
        caught.without_header()
        caught.recorder.add("gh", f"#!/bin/sh\necho {token}\n")
        assert "you sent" in caught.release("--no-gates", code=12, SHIPWAY_FORGE_URL=echo.url)
        assert "1.3.0 is out." in caught.release("--no-gates")


@pytest.mark.long
def test_a_minted_token_gives_nothing_away(project: Path, tmp_path: Path) -> None:
    context, trust = server_context(tmp_path)
    with trap(project, tmp_path, publisher="uv") as caught, echo_server(400, context) as echo:
        for name in ("UV_PUBLISH_TOKEN", "TWINE_PASSWORD", "TWINE_USERNAME"):
            del caught.world.variables[name]
        caught.canaries.append(MINTED)
        variables = {
            "SHIPWAY_INDEX": f"{echo.url}/simple/",
            "SHIPWAY_INDEX_URL": f"{echo.url}/simple/",
            "SHIPWAY_UPLOAD_URL": f"{echo.url}/legacy/",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{echo.url}/ci/id-token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": AWKWARD[:9],
        }
        printed = caught.release("--no-gates", code=12, **variables, **trust)
        assert echo.seen
        assert "add-mask" not in printed or "you sent" in printed


def test_a_rehearsal_shows_no_secret_of_the_real_world(project: Path, tmp_path: Path) -> None:
    with trap(project, tmp_path) as caught:
        done = caught.world.run("rehearse", "minor", interpreter=str(caught.recorder.python))
        assert done.returncode == 0, done.stdout + done.stderr
        assert find_traces(None, done.stdout + done.stderr, caught.files, caught.canaries) == []
        assert find_traces(None, "\n".join(caught.recorder.commands()), [], caught.canaries) == []
        seen = caught.dump / "build"
        assert find_traces(None, seen.read_text(encoding="utf-8"), [], caught.canaries) == []
