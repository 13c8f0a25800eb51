"""Names and versions as the embedded index compares them: PEP 440, 427, 503, 625, by the standard library."""

from __future__ import annotations

import re
from dataclasses import dataclass

SAFE_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*", re.ASCII)
PROJECT_NAME = re.compile(r"[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]", re.ASCII | re.IGNORECASE)
SDIST_ENDINGS = (".tar.gz", ".zip")
VERSION = re.compile(
    r"""
    v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)
    (?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|rc|c)[-_.]?(?P<pre_number>\d+)?)?
    (?P<post>-(?P<bare_post>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_number>\d+)?)?
    (?P<dev>[-_.]?dev[-_.]?(?P<dev_number>\d+)?)?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?
    """,
    re.VERBOSE | re.ASCII,
)
PRE_SPELLINGS = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}


@dataclass(frozen=True)
class FileName:
    """What a distribution's file name says: normalised project, canonical version, and type."""

    project: str
    version: str
    kind: str


def normalise(name: str) -> str:
    """Give a project's name in the one spelling of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def canonical_version(text: str) -> str | None:
    """Give the one spelling of a version that equal versions share (PEP 440), None for no version at all."""
    found = VERSION.fullmatch(text.strip().lower())
    if found is None:
        return None
    numbers = [int(number) for number in found["release"].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    parts = [f"{int(found['epoch'])}!" if int(found["epoch"] or 0) else "", ".".join(map(str, numbers))]
    if found["pre"]:
        parts.append(f"{PRE_SPELLINGS.get(found['pre'], found['pre'])}{int(found['pre_number'] or 0)}")
    if found["post"]:
        parts.append(f".post{int(found['bare_post'] or found['post_number'] or 0)}")
    if found["dev"]:
        parts.append(f".dev{int(found['dev_number'] or 0)}")
    if found["local"]:
        parts.append("+" + ".".join(_plain(part) for part in re.split(r"[-_.]", found["local"])))
    return "".join(parts)


def parse_file_name(name: str) -> FileName | None:
    """Read project, version and type out of the name of a wheel (PEP 427) or an sdist (PEP 625)."""
    if not SAFE_FILE.fullmatch(name):
        return None
    if name.endswith(".whl"):
        words = name[: -len(".whl")].split("-")
        return _named(words[0], words[1], "bdist_wheel") if len(words) in {5, 6} and all(words) else None
    ending = next((ending for ending in SDIST_ENDINGS if name.endswith(ending)), None)
    if ending is None:
        return None
    project, _, version = name[: -len(ending)].rpartition("-")
    return _named(project, version, "sdist")


def _named(project: str, version: str, kind: str) -> FileName | None:
    canonical = canonical_version(version)
    if not canonical or not PROJECT_NAME.fullmatch(project):
        return None
    return FileName(normalise(project), canonical, kind)


def _plain(part: str) -> str:
    return str(int(part)) if part.isdigit() else part
