"""Each upload rule of the embedded index bites."""

from __future__ import annotations

import gzip
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from shipway.rehearsal.index.server import EmbeddedIndex
from world.index_support import attest, form_of, look, make_sdist, make_wheel, metadata, post


@pytest.fixture(name="index")
def running_index(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex(tmp_path / "index") as index:
        yield index


@pytest.fixture(name="wheel")
def tiny_wheel(tmp_path: Path) -> Path:
    return make_wheel(tmp_path / "dist")


def assert_refused(index: EmbeddedIndex, answer: requests.Response, status: int, words: str) -> None:
    assert answer.status_code == status
    assert words in (answer.reason or "")
    assert index.files == ()


def test_an_upload_is_answered_200_and_kept_byte_for_byte(index: EmbeddedIndex, wheel: Path) -> None:
    assert post(index, wheel).status_code == 200
    stored = index.files[0]
    assert (stored.name, stored.project, stored.version, stored.kind) == (
        wheel.name,
        "acme-widgets",
        "1.0",
        "bdist_wheel",
    )
    assert stored.path.read_bytes() == wheel.read_bytes()


def test_without_credentials_the_answer_is_401(index: EmbeddedIndex, wheel: Path) -> None:
    files = {"content": (wheel.name, wheel.read_bytes())}
    answer = requests.post(index.upload_url, data=form_of(wheel), files=files, timeout=10)
    assert_refused(index, answer, 401, "Authentication is needed")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("user", ["__token__", "somebody"])
def test_a_wrong_token_or_user_is_403(index: EmbeddedIndex, wheel: Path, user: str) -> None:
    token = index.token if user == "somebody" else "pypi-wrong"
    files = {"content": (wheel.name, wheel.read_bytes())}
    answer = requests.post(index.upload_url, data=form_of(wheel), files=files, auth=(user, token), timeout=10)
    assert_refused(index, answer, 403, "Invalid or non-existent authentication")


@pytest.mark.parametrize("authorization", ["Basic !!!", "Basic /w==", "Bearer x", "Basic"])
def test_garbled_credentials_are_403(index: EmbeddedIndex, authorization: str) -> None:
    answer = requests.post(index.upload_url, headers={"Authorization": authorization}, timeout=10)
    assert_refused(index, answer, 403, "Invalid or non-existent authentication")


def test_a_project_token_uploads_to_its_project_only(index: EmbeddedIndex, wheel: Path, tmp_path: Path) -> None:
    token = index.grant("Acme_Widgets")
    other = make_wheel(tmp_path / "dist", "other")
    assert_refused(index, post(index, other, token=token, name="other"), 403, "not valid for project 'other'")
    assert post(index, wheel, token=token).status_code == 200


@pytest.mark.parametrize("digest", ["sha256_digest", "md5_digest", "blake2_256_digest"])
def test_a_digest_that_does_not_match_is_400(index: EmbeddedIndex, wheel: Path, digest: str) -> None:
    answer = post(index, wheel, **{digest: "0" * 64})
    assert_refused(index, answer, 400, "does not match a digest calculated")


def test_a_digest_is_needed(index: EmbeddedIndex, wheel: Path) -> None:
    assert_refused(index, post(index, wheel, sha256_digest=""), 400, "at least one message digest")


def test_the_same_file_again_is_200_and_nothing_changes(index: EmbeddedIndex, wheel: Path) -> None:
    post(index, wheel)
    before = index.files
    assert post(index, wheel).status_code == 200
    assert index.files == before


def test_other_bytes_under_a_used_name_are_400_in_reason_and_json(
    index: EmbeddedIndex, wheel: Path, tmp_path: Path
) -> None:
    post(index, wheel)
    before = index.files
    other = make_wheel(tmp_path / "other", marker="other")
    answer = requests.post(
        index.upload_url,
        data=form_of(other),
        files={"content": (other.name, other.read_bytes())},
        auth=("__token__", index.token),
        headers={"Accept": "application/json"},
        timeout=10,
    )
    assert answer.status_code == 400
    assert answer.reason.startswith("File already exists ('acme_widgets-1.0-py3-none-any.whl', with blake2_256")
    assert answer.json()["code"] == f"400 {answer.reason}"
    assert answer.json()["title"] == "Bad Request"
    assert answer.reason in answer.json()["message"]
    assert index.files == before


def test_the_same_bytes_under_another_name_are_400(index: EmbeddedIndex, wheel: Path) -> None:
    post(index, wheel)
    answer = post(index, wheel, file_name="acme_widgets-1.0-py2-none-any.whl")
    assert (answer.status_code, answer.reason[:19]) == (400, "File already exists")
    assert len(index.files) == 1


def test_a_deleted_files_name_is_burnt_even_for_the_same_bytes(index: EmbeddedIndex, wheel: Path) -> None:
    post(index, wheel)
    index.delete(wheel.name)
    assert_refused(index, post(index, wheel), 400, "This filename has already been used")
    assert index.burnt == {wheel.name}
    assert look(index).json()["files"] == []
    with pytest.raises(ValueError, match="used already"):
        index.add_foreign_file(wheel.name, b"")


@pytest.mark.parametrize(
    ("file_name", "words"),
    [
        ("other-1.0-py3-none-any.whl", "Start filename for"),
        ("acme_widgets-1.1-py3-none-any.whl", "Version in filename"),
        ("acme_widgets-1.0.tar.gz", "Invalid value for filetype"),
        ("acme_widgets-1.0.exe", "Invalid file name"),
        ("acme_widgets-1.0-none-any.whl", "Invalid file name"),
        ("../acme_widgets-1.0-py3-none-any.whl", "Invalid file name"),
        ('acme_widgets-1.0-py3-none-".whl', "Invalid file name"),
    ],
)
def test_a_file_name_that_does_not_fit_is_400(index: EmbeddedIndex, wheel: Path, file_name: str, words: str) -> None:
    assert_refused(index, post(index, wheel, file_name=file_name), 400, words)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({":action": "submit"}, "Unknown action"),
        ({"protocol_version": "2"}, "Unknown action or protocol"),
        ({"name": "-acme"}, "Invalid value for name"),
        ({"version": "one"}, "Invalid value for version"),
        ({"version": "1.0+local"}, "local versions"),
        ({"filetype": "bdist_egg"}, "Invalid value for filetype"),
    ],
)
def test_a_form_that_is_off_is_400(index: EmbeddedIndex, wheel: Path, changed: dict[str, str], words: str) -> None:
    assert_refused(index, post(index, wheel, **changed), 400, words)


@pytest.mark.parametrize(("name", "version"), [("other", "1.0"), ("acme-widgets", "2.0")])
def test_metadata_inside_the_file_that_says_otherwise_is_400(
    index: EmbeddedIndex, tmp_path: Path, name: str, version: str
) -> None:
    wheel = make_wheel(tmp_path, inner=metadata(name, version))
    assert_refused(index, post(index, wheel), 400, "does not match the form's")


@pytest.mark.parametrize(
    "name", ["acme_widgets-1.0-py3-none-any.whl", "acme_widgets-1.0.tar.gz", "acme_widgets-1.0.zip"]
)
def test_a_broken_file_is_400(index: EmbeddedIndex, tmp_path: Path, name: str) -> None:
    kind = "bdist_wheel" if name.endswith(".whl") else "sdist"
    for content in (b"", b"not an archive", gzip.compress(b"no tar")):
        broken = tmp_path / name
        broken.write_bytes(content)
        assert_refused(index, post(index, broken, filetype=kind), 400, "Invalid distribution file.")


def test_a_wheel_without_metadata_is_400(index: EmbeddedIndex, tmp_path: Path) -> None:
    wheel = tmp_path / "acme_widgets-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("acme_widgets.py", "")
    assert_refused(index, post(index, wheel), 400, "Invalid distribution file.")


def test_a_wheel_compressed_as_not_every_client_reads_is_400(index: EmbeddedIndex, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path)
    with zipfile.ZipFile(wheel, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("acme_widgets_data.txt", "x" * 100)
    assert_refused(index, post(index, wheel), 400, "Invalid distribution file.")


def test_a_release_has_one_sdist(index: EmbeddedIndex, tmp_path: Path) -> None:
    assert post(index, make_sdist(tmp_path)).status_code == 200
    second = tmp_path / "acme_widgets-1.0.zip"
    with zipfile.ZipFile(second, "w") as archive:
        archive.writestr("acme_widgets-1.0/PKG-INFO", metadata("acme-widgets", "1.0"))
    answer = post(index, second, filetype="sdist")
    assert (answer.status_code, answer.reason) == (400, "Only one sdist may be uploaded per release.")


@pytest.mark.parametrize("status", ["archived", "quarantined"])
def test_a_closed_project_takes_no_upload(index: EmbeddedIndex, wheel: Path, status: str) -> None:
    index.switches.statuses["acme-widgets"] = status
    assert_refused(index, post(index, wheel), 403, f"is {status}")


def test_a_deprecated_project_takes_uploads(index: EmbeddedIndex, wheel: Path) -> None:
    index.switches.statuses["acme-widgets"] = "deprecated"
    assert post(index, wheel).status_code == 200


def test_attestations_need_trusted_publishing_behind_them(index: EmbeddedIndex, wheel: Path) -> None:
    given = f"[{attest(wheel).read_text()}]"
    assert_refused(index, post(index, wheel, attestations=given), 400, "only supported when using Trusted")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("nonsense", "Malformed"),
        ("{}", "not about this file"),
        ("[]", "not about this file"),
        ("[{}]", "Malformed"),
        ("7", "Malformed"),
        ("[7]", "Malformed"),
        ('[{"version": 1, "verification_material": {}, "envelope": {"statement": "bm8="}}]', "Malformed"),
    ],
)
def test_attestations_that_are_none_are_400(index: EmbeddedIndex, wheel: Path, given: str, words: str) -> None:
    index.switches.attestations_by_token = True
    assert_refused(index, post(index, wheel, attestations=given), 400, words)


def test_an_attestation_about_another_file_is_400(index: EmbeddedIndex, wheel: Path) -> None:
    index.switches.attestations_by_token = True
    given = f"[{attest(wheel, subject='other.whl').read_text()}]"
    assert_refused(index, post(index, wheel, attestations=given), 400, "not about this file")


def test_what_is_no_form_is_400(index: EmbeddedIndex) -> None:
    auth = ("__token__", index.token)
    assert_refused(index, requests.post(index.upload_url, data="x", auth=auth, timeout=10), 400, "multipart form")
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    body = "--b\r\nno end of the head\r\n--b--\r\n"
    answer = requests.post(index.upload_url, data=body, headers=headers, auth=auth, timeout=10)
    assert_refused(index, answer, 400, "has no content")


def test_a_form_without_a_file_is_400(index: EmbeddedIndex, wheel: Path) -> None:
    answer = requests.post(
        index.upload_url,
        data=form_of(wheel),
        files={"gpg_signature": ("x.asc", b"x")},
        auth=("__token__", index.token),
        timeout=10,
    )
    assert_refused(index, answer, 400, "does not have a file")


def test_an_upload_of_unknown_length_is_411(index: EmbeddedIndex) -> None:
    answer = requests.post(index.upload_url, data=iter([b"x"]), timeout=10)
    assert (answer.status_code, index.files) == (411, ())


def test_of_two_uploads_at_once_under_one_name_one_wins(index: EmbeddedIndex, tmp_path: Path) -> None:
    wheels = [make_wheel(tmp_path / str(number), marker=str(number)) for number in range(6)]
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda path=wheel: answers.append(post(index, path).status_code)) for wheel in wheels
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 400, 400, 400, 400, 400]
    assert len(index.files) == 1


def test_an_upload_whose_client_dies_has_no_effect(index: EmbeddedIndex) -> None:
    port = int(index.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"POST /legacy/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(100) == b""
    assert (index.files, index.journal) == ((), [])
