"""A failed upload by real twine and uv means what the index said, and its remedy says what to do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shipway.rehearsal.index.model import Failure
from shipway.rehearsal.index.server import EmbeddedIndex
from shipway.release.outcomes import BlockedError, ConflictError, ReleaseError, ToolError, UnavailableError
from shipway.world.environment import Environment
from shipway.world.index_refusals import upload_failure, used_up
from shipway.world.process import Processes
from shipway.world.uploader import Uploader
from world.index_support import make_sdist, make_wheel

ALWAYS = 1000


@pytest.fixture(name="index")
def running_index(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex(tmp_path / "index") as index:
        yield index


def fail(status: int | None) -> Callable[[EmbeddedIndex], None]:
    """Have every upload fail in this way."""
    return lambda index: index.switches.failures.append(Failure("upload", status, times=ALWAYS))


def expire(index: EmbeddedIndex) -> None:
    """Have the token be no good any more."""
    index.expire(index.token)


def burn(index: EmbeddedIndex) -> None:
    """Have the sdist's name be used before; the wheel goes first and is taken."""
    name = "acme_widgets-1.0.tar.gz"
    index.add_foreign_file(name, b"other bytes")
    index.delete(name)


def upload(index: EmbeddedIndex, folder: Path, program: str) -> ReleaseError:
    """Upload a wheel and an sdist by one of the programs; give what it means that this failed."""
    variables = {
        **{name: os.environ[name] for name in ("PATH",)},
        "HOME": str(folder),
        "UV_HTTP_RETRIES": "0",
        "UV_NO_CONFIG": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "TWINE_USERNAME": "__token__",
        "TWINE_PASSWORD": index.token,
        "UV_PUBLISH_TOKEN": index.token,
    }
    uploader = Uploader(program, index.upload_url, index.simple_url, None, Processes(Environment(variables)))
    with pytest.raises(ReleaseError) as caught:
        uploader.upload([make_wheel(folder / "dist"), make_sdist(folder / "dist")])
    assert index.token not in caught.value.render()
    return caught.value


CASES = {
    "busy": (fail(503), UnavailableError, "takes no upload of acme_widgets-1.0"),
    "too many": (fail(429), UnavailableError, "takes no upload of acme_widgets-1.0"),
    "hang-up": (fail(None), UnavailableError, "the upload was broken off"),
    "no token": (expire, BlockedError, "does not let us upload acme_widgets-1.0"),
    "no such metadata": (fail(400), BlockedError, "the index refuses acme_widgets-1.0"),
    "there already": (fail(409), ConflictError, "takes a name only once"),
    "a burnt name": (burn, ConflictError, "the index had a file acme_widgets-1.0.tar.gz before"),
}


@pytest.mark.parametrize("program", ["twine", "uv"])
@pytest.mark.parametrize("case", CASES)
def test_a_failed_upload_means_what_the_index_said(
    index: EmbeddedIndex, tmp_path: Path, case: str, program: str
) -> None:
    arrange, kind, says = CASES[case]
    arrange(index)
    error = upload(index, tmp_path, program)
    assert type(error) is kind, error.render()
    assert says in error.what
    assert error.why


def test_a_used_up_version_leads_to_the_one_after_it(index: EmbeddedIndex, tmp_path: Path) -> None:
    burn(index)
    remedy = upload(index, tmp_path, "twine").remedy
    assert remedy == used_up("1.0") == "1.0 is used up: nox -s abandon -- --used-up, then nox -s release -- 1.0.1"


@pytest.mark.parametrize(("version", "after"), [("1.3.0", "1.3.1"), ("2.0rc1", "2.0rc2"), ("1.0.post1", "1.0.post2")])
def test_after_a_used_up_version_comes_one_of_its_kind(version: str, after: str) -> None:
    assert used_up(version).endswith(f"release -- {after}")


@pytest.mark.parametrize("words", ["Traceback", "HTTPError: 302 Found from x", "HTTPError: 404 Not Found from x"])
def test_words_that_are_no_judgement_on_a_file_stay_the_programs_own(words: str) -> None:
    error = ToolError("twine failed", why=words)
    assert upload_failure(error, [Path("acme_widgets-1.0.tar.gz")]) is error
