"""The embedded index serves the real twine, uv and pip."""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path

import pytest

from shipway.rehearsal.index.model import IndexSwitches
from shipway.rehearsal.index.server import EmbeddedIndex
from world.index_support import attest, look, make_sdist, make_wheel, run, twine, uv_publish


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_twine_uploads_what_twine_check_likes_and_again_without_a_change(tmp_path: Path) -> None:
    files = (make_sdist(tmp_path / "dist"), make_wheel(tmp_path / "dist"))
    checked = run(tmp_path, sys.executable, "-m", "twine", "check", "--strict", *map(str, files))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    with EmbeddedIndex(tmp_path / "index") as index:
        first = twine(tmp_path, index, *files)
        assert first.returncode == 0, first.stdout + first.stderr
        before = index.files
        assert twine(tmp_path, index, *files).returncode == 0
        assert index.files == before
    assert {file.name: file.digest for file in before} == {path.name: digest(path) for path in files}
    assert {file.requires_python for file in before} == {">=3.8"}


def test_twine_says_file_already_exists_for_other_bytes(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path / "index") as index:
        assert twine(tmp_path, index, make_wheel(tmp_path)).returncode == 0
        refused = twine(tmp_path, index, make_wheel(tmp_path, marker="other"))
    assert refused.returncode == 1
    said = refused.stdout + refused.stderr
    assert "400 Bad Request" in said
    assert "File already exists" in said


def test_twine_with_a_wrong_token_is_refused(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path / "index") as index:
        refused = twine(tmp_path, index, make_wheel(tmp_path), TWINE_PASSWORD="wrong")
        assert (refused.returncode, index.files) == (1, ())
    assert "403" in refused.stdout + refused.stderr


def test_uv_publishes_and_again_without_a_change(tmp_path: Path) -> None:
    make_sdist(tmp_path / "dist")
    make_wheel(tmp_path / "dist")
    with EmbeddedIndex(tmp_path / "index") as index:
        first = uv_publish(tmp_path, index)
        assert first.returncode == 0, first.stderr
        before = index.files
        assert len(before) == 2
        assert uv_publish(tmp_path, index).returncode == 0
        assert index.files == before


def test_uv_with_a_check_url_uploads_only_what_is_missing(tmp_path: Path) -> None:
    make_sdist(tmp_path / "dist")
    with EmbeddedIndex(tmp_path / "index") as index:
        assert uv_publish(tmp_path, index, "--check-url", index.simple_url).returncode == 0
        make_wheel(tmp_path / "dist")
        second = uv_publish(tmp_path, index, "--check-url", index.simple_url)
        assert second.returncode == 0, second.stderr
        assert index.count("upload", 200) == 2
        assert len(index.files) == 2


def test_uv_reports_the_reason_of_a_refusal(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "dist")
    with EmbeddedIndex(tmp_path / "index") as index:
        assert uv_publish(tmp_path, index).returncode == 0
        index.delete(wheel.name)
        refused = uv_publish(tmp_path, index)
    assert refused.returncode != 0
    assert "This filename has already been used" in refused.stderr


@pytest.mark.parametrize("client", ["uv", "twine"])
def test_attestations_go_up_and_are_served(tmp_path: Path, client: str) -> None:
    wheel = make_wheel(tmp_path / "dist")
    attestation = attest(wheel)
    with EmbeddedIndex(tmp_path / "index", switches=IndexSwitches(attestations_by_token=True)) as index:
        if client == "uv":
            done = uv_publish(tmp_path, index)
        else:
            done = twine(tmp_path, index, "--attestations", wheel, attestation)
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(index.files[0].attestations) == 1
        assert look(index).json()["files"][0]["provenance"].startswith(index.url)


@pytest.mark.parametrize("html_only", [False, True])
def test_pip_downloads_the_very_bytes_by_json_and_by_html(tmp_path: Path, html_only: bool) -> None:
    with EmbeddedIndex(tmp_path / "index", switches=IndexSwitches(html_only=html_only)) as index:
        wheel = make_wheel(tmp_path)
        index.add_foreign_file(wheel.name, wheel.read_bytes())
        pip = (sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", "got", "--no-cache-dir")
        done = run(tmp_path, *pip, "-i", index.simple_url, "acme-widgets==1.0")
        assert done.returncode == 0, done.stderr
        assert index.count("file", 200) == 1
    assert digest(tmp_path / "got" / wheel.name) == digest(wheel)


def test_pip_installs_a_wheel_built_from_the_sdist_on_the_index(tmp_path: Path) -> None:
    sdist = make_sdist(tmp_path)
    with EmbeddedIndex(tmp_path / "index") as index:
        index.add_foreign_file(sdist.name, sdist.read_bytes())
        pip = (sys.executable, "-m", "pip", "install", "--no-deps", "-q", "--target", "got", "--no-cache-dir")
        done = run(tmp_path, *pip, "-i", index.simple_url, "acme-widgets")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "got" / "acme_widgets.py").is_file()


@pytest.mark.parametrize("html_only", [False, True])
def test_uv_installs_from_json_and_from_html(tmp_path: Path, html_only: bool) -> None:
    with EmbeddedIndex(tmp_path / "index", switches=IndexSwitches(html_only=html_only)) as index:
        for path in (make_wheel(tmp_path), make_sdist(tmp_path)):
            index.add_foreign_file(path.name, path.read_bytes())
        where = ("--target", "got", "--python", sys.executable, "--default-index", index.simple_url)
        done = run(tmp_path, "uv", "pip", "install", "--no-deps", *where, "acme-widgets")
    assert done.returncode == 0, done.stderr
    assert "VERSION = '1.0'" in (tmp_path / "got" / "acme_widgets.py").read_text()


def test_pip_and_uv_pass_by_a_yanked_file(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path / "index") as index:
        for version in ("1.0", "1.1"):
            path = make_wheel(tmp_path, version=version)
            index.add_foreign_file(path.name, path.read_bytes())
        index.yank("acme_widgets-1.1-py3-none-any.whl", "broken")
        where = ("--target", "got", "--python", sys.executable, "--default-index", index.simple_url)
        uv = run(tmp_path, "uv", "pip", "install", "--no-deps", *where, "acme-widgets")
        pip_words = ("-d", "down", "-i", index.simple_url, "acme-widgets")
        pip = run(tmp_path, sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", *pip_words)
    assert "acme-widgets==1.0" in uv.stderr, uv.stderr
    assert pip.returncode == 0, pip.stderr
    assert [path.name for path in (tmp_path / "down").iterdir()] == ["acme_widgets-1.0-py3-none-any.whl"]


def test_a_file_of_one_megabyte_arrives_whole(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "dist")
    with zipfile.ZipFile(wheel, "a") as archive:  # bytes that look like line ends and like form boundaries
        archive.writestr("acme_widgets.bin", bytes(range(256)) * 4096 + b"\r\n--boundary\r\n")
    with EmbeddedIndex(tmp_path / "index") as index:
        assert twine(tmp_path, index, wheel).returncode == 0
        assert index.files[0].path.read_bytes() == wheel.read_bytes()
