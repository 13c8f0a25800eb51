"""The big index's upload rules: what a form, its file and its attestations must be to be let in."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any

from shipway.rehearsal.index.form import Form
from shipway.rehearsal.index.model import Permit, RefusedError
from shipway.rehearsal.index.names import PROJECT_NAME, canonical_version, normalise, parse_file_name

UNREADABLE = (OSError, EOFError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, tarfile.TarError, zlib.error)
COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ATTESTATION_KEYS = {"version", "verification_material", "envelope"}


def require_sound(form: Form) -> bytes:
    """Give the file's bytes, once action, type, name, version, file name and digests agree."""
    if form.text(":action") != "file_upload" or form.text("protocol_version") not in {"", "1"}:
        raise RefusedError(400, "Unknown action or protocol version.")
    _require_names(form)
    if form.content is None:
        raise RefusedError(400, "Upload payload does not have a file.")
    parsed = parse_file_name(form.file_name)
    if parsed is None:
        raise RefusedError(400, f"Invalid file name: {form.file_name!r} is no wheel's or sdist's.")
    if parsed.kind != form.text("filetype"):
        raise RefusedError(400, "Invalid value for filetype. Error: Use a known file type, the file's own.")
    if parsed.project != normalise(form.text("name")):
        raise RefusedError(400, f"Start filename for {form.text('name')!r} with its normalized name.")
    if parsed.version != canonical_version(form.text("version")):
        raise RefusedError(400, f"Version in filename should be {form.text('version')!r}.")
    _require_digests(form, form.content)
    return form.content


def require_permit(permit: Permit, project: str) -> None:
    """Refuse a token that is for other projects."""
    if permit.projects is not None and project not in permit.projects:
        raise RefusedError(403, f"Invalid API Token: it is not valid for project {project!r}.")


def require_metadata(form: Form, content: bytes) -> None:
    """Refuse a file that is broken, or whose own metadata name another project or version than the form."""
    try:
        metadata = read_metadata(form.file_name, content)
    except UNREADABLE:
        raise RefusedError(400, "Invalid distribution file.") from None
    name, version = str(metadata["Name"]), str(metadata["Version"])
    if normalise(name) != normalise(form.text("name")):
        raise RefusedError(400, f"Metadata name {name!r} does not match the form's {form.text('name')!r}.")
    if canonical_version(version) != canonical_version(form.text("version")):
        raise RefusedError(400, f"Metadata version {version!r} does not match the form's.")


def read_metadata(file_name: str, content: bytes) -> Message:
    """Read METADATA out of a wheel, PKG-INFO out of an sdist."""
    if file_name.endswith(".tar.gz"):
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            stream = archive.extractfile(_topmost(archive.getnames(), "/PKG-INFO"))
            if stream is None:
                raise ValueError("PKG-INFO is no file")
            return BytesHeaderParser().parsebytes(stream.read())
    ending = ".dist-info/METADATA" if file_name.endswith(".whl") else "/PKG-INFO"
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        if any(entry.compress_type not in COMPRESSIONS for entry in wheel.infolist()):
            raise ValueError("a compression that not every client reads")
        return BytesHeaderParser().parsebytes(wheel.read(_topmost(wheel.namelist(), ending)))


def require_attestations(form: Form, content: bytes, permit: Permit, by_token: bool) -> tuple[Mapping[str, Any], ...]:
    """Give the attestations (PEP 740), each about this very file; signatures are not verified."""
    if not form.text("attestations"):
        return ()
    if permit.publisher is None and not by_token:
        raise _bad_attestations("Attestations are only supported when using Trusted Publishing")
    try:
        given = json.loads(form.text("attestations"))
        about = [_subjects(attestation) for attestation in given]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _bad_attestations("Malformed attestations") from None
    wanted = (form.file_name, hashlib.sha256(content).hexdigest())
    if not given or any(subjects != [wanted] for subjects in about):
        raise _bad_attestations("Attestation is not about this file")
    return tuple(given)


def _require_names(form: Form) -> None:
    name, version = form.text("name"), form.text("version")
    if not PROJECT_NAME.fullmatch(name):
        raise RefusedError(400, "Invalid value for name. Error: Start and end with a letter or numeral.")
    canonical = canonical_version(version)
    if canonical is None:
        raise RefusedError(400, f"Invalid value for version. Error: {version!r} is invalid for PEP 440.")
    if "+" in canonical:
        raise RefusedError(400, f"The use of local versions in {version!r} is not allowed.")


def _require_digests(form: Form, content: bytes) -> None:
    found = {
        "sha256_digest": hashlib.sha256(content).hexdigest(),
        "md5_digest": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "blake2_256_digest": hashlib.blake2b(content, digest_size=32).hexdigest(),
    }
    given = {name: form.text(name) for name in found if form.text(name)}
    if not given:
        raise RefusedError(400, "Include at least one message digest.")
    if any(found[name] != digest.lower() for name, digest in given.items()):
        raise RefusedError(400, "The digest supplied does not match a digest calculated from the uploaded file.")


def _topmost(names: Iterable[str], ending: str) -> str:
    return min(name for name in names if name.endswith(ending) and name.count("/") == 1)


def _subjects(attestation: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not attestation.keys() >= ATTESTATION_KEYS or attestation["version"] != 1:
        raise ValueError("not an attestation")
    statement = json.loads(base64.b64decode(attestation["envelope"]["statement"], validate=True))
    return [(subject["name"], subject["digest"]["sha256"]) for subject in statement["subject"]]


def _bad_attestations(why: str) -> RefusedError:
    return RefusedError(400, f"Invalid attestations supplied during upload: {why}")
