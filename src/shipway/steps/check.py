"""check: what was built is what was meant: contents, names, versions, metadata, and a fresh environment imports it."""

from __future__ import annotations

import tarfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from packaging.version import Version

from shipway.changelog.sections import find_section, is_empty
from shipway.project.changelog import find_changelog
from shipway.project.files import in_commit
from shipway.project.handover import Handover
from shipway.project.version_source import find_version_source
from shipway.release.distributions import Distribution, inspect_sdist, inspect_wheel, metadata_member, top_level_names
from shipway.release.outcomes import BlockedError
from shipway.release.plan import Plan
from shipway.steps.contract import Doors
from shipway.world.installer import Installer
from shipway.world.ourselves import own_module
from shipway.world.process import Completed

IMPORT = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"


@dataclass(frozen=True)
class Check:
    """Checks one set of distributions in one folder."""

    folder: Path
    distributions: tuple[Distribution, ...]
    handover: Handover
    doors: Doors

    def pass_all(self, plan: Plan, commit: str) -> list[str]:
        """Check a candidate's distributions; give what was found right, or raise `BlockedError`."""
        places = self._agree(plan, commit)
        return [
            f"{plan.version} in {' and '.join(filter(None, (', '.join(places[:-1]), places[-1])))}",
            *self.pass_files(plan.distribution, plan.version),
        ]

    def pass_files(self, name: str, version: str) -> list[str]:
        """Check the files alone: contents, ``twine check --strict``, installation and import."""
        files = [str(self.folder / file.name) for file in self.distributions]
        argv = own_module("twine", "check", "--strict", *files)
        child = self.doors.environment.scrubbed(PYTHONWARNINGS="ignore", NO_COLOR="1")
        with self.doors.processes.beside(argv, cwd=self.folder, env=child, check=False) as twine:
            self._require_contents(name, version)
            imported = self._import()
            self._judge_twine(twine())
        return ["contents", "twine check", f"installs and imports {imported}"]

    def _agree(self, plan: Plan, commit: str) -> list[str]:
        """Hold the version in the commit's files and the changelog's section against the plan; give where it stands."""
        find, version = in_commit(self.doors.git, commit), Version(plan.version)
        source = find_version_source(find)
        written = source.read()
        if written not in (None, version):
            what = f"{', '.join(source.files)} says {written}, the plan {plan.version}"
            raise BlockedError(what, remedy="remove .release, and plan again")
        places = [*(["files"] if source.files else []), "metadata"]
        changelog = None if plan.is_prerelease else find_changelog(self.doors.git)
        file = changelog.place(version, datetime.fromisoformat(plan.date).date()) if changelog else ""
        if not file:
            return places
        section = find_section(find(file) or "", version)
        if section is None or is_empty(section):
            remedy = f"see that a title in {file} has the version: towncrier's title_format tells it"
            why = "users would not find what changed"
            raise BlockedError(f"{file} has no section for {plan.version}", why=why, remedy=remedy)
        return [*places, "changelog"]

    def _require_contents(self, name: str, version: str) -> None:
        problems = [
            f"{file.name}: {problem}" for file in self.distributions for problem in self._inspect(file, name, version)
        ]
        if problems:
            raise BlockedError(
                "; ".join(problems), why="an upload cannot be taken back", remedy="mend the build, commit"
            )

    def _inspect(self, file: Distribution, name: str, version: str) -> list[str]:
        names, metadata = read_members(self.folder / file.name)
        inspect = inspect_wheel if file.kind == "wheel" else inspect_sdist
        return inspect(names, metadata, file.name, name=name, version=Version(version))

    def _judge_twine(self, done: Completed) -> None:
        if done.code != 0:
            why = self._last_words(done)
            raise BlockedError(
                "twine check --strict fails", why=why, remedy="mend readme and metadata, commit, release again"
            )

    def _import(self) -> str:
        """Install the wheel with what it needs into an empty environment, and import what it brings."""
        wheel = next(file for file in self.distributions if file.kind == "wheel")
        installer = Installer(self.doors.processes)
        place = self.handover.scratch("check")
        place.parent.mkdir(parents=True, exist_ok=True)
        python = installer.make_environment(place)
        # As an address, because uv takes "#" and "%" in a plain path for parts of one.
        wanted = f"{wheel.name.partition('-')[0]} @ {(self.folder / wheel.name).as_uri()}"
        installed = installer.install(python, [wanted])
        if installed.code != 0:
            why = self._last_words(installed)
            raise BlockedError(
                f"{wheel.name} does not install", why=why, remedy="mend its dependencies, commit, release again"
            )
        names = importable(read_members(self.folder / wheel.name)[0])
        argv = [str(python), "-I", "-c", IMPORT, *names]
        imported = self.doors.processes.run(argv, cwd=place, check=False)
        if imported.code != 0:
            why = self._last_words(imported)
            raise BlockedError(
                f"{', '.join(names)} does not import", why=why, remedy="mend the package, commit, release again"
            )
        return ", ".join(names)

    def _last_words(self, done: Completed) -> str:
        """Give the end of what a program printed, masked before it is cut: half a secret is one too."""
        return " ".join(self.doors.environment.redact(done.output).split())[-400:]


def importable(names: list[str]) -> list[str]:
    """Give the public top-level modules of a wheel; the private ones where there are no others."""
    found = sorted(top_level_names(names))
    return [name for name in found if not name.startswith("_")] or found


def read_members(path: Path) -> tuple[list[str], str]:
    """Read a distribution's member names and its metadata; `BlockedError` for a broken archive."""
    try:
        return _read_wheel(path) if path.suffix == ".whl" else _read_sdist(path)
    except (OSError, KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise BlockedError(
            f"{path.name} cannot be read: {error}", remedy="mend the build, commit, release again"
        ) from None


def _read_wheel(path: Path) -> tuple[list[str], str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist(), archive.read(metadata_member(path.name)).decode()


def _read_sdist(path: Path) -> tuple[list[str], str]:
    with tarfile.open(path) as archive:
        member = archive.extractfile(metadata_member(path.name))
        return archive.getnames(), member.read().decode() if member else ""
