# /// script
# requires-python = ">=3.10"
# dependencies = [
#     "packaging>=25",
#     "tomli>=2",
#     "pip",
# ]
# ///
"""Look at the changelogs of twenty public packages: what is detected, and that a section goes in and comes out again.

    python scripts/real_changelogs.py [PACKAGE ...] [--sdists FOLDER]

Each sdist is fetched through pip (held to its digest), unpacked and put under git as it is, with a tag of its version.
Then the kind of changelog and its file are detected, a section for a version that is not there is inserted, found and
taken out again, and, where the file takes it, what is not released is promoted. The table says what was seen.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from packaging.version import Version
from rehearse_real_packages import NotReadyError, Package, fetch, last_line, run, unpack

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from shipway.changelog.insertion import find_spot, insert_section
from shipway.changelog.outline import outline
from shipway.changelog.promotion import find_written, promote
from shipway.changelog.sections import find_section
from shipway.project.changelog import find_changelog
from shipway.project.changelogs.names import ChangelogFile, read_changelog_file
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes

NEXT, DAY = Version("9999.1"), date(2026, 11, 22)
TABLE = """\
argcomplete 3.7.2 aad8b69a0b9969edb62db0d1752354c0d50717b10e0cbb00e2a958381b9fc6b9 headings Changes.rst
attrs 26.1.0 d03ceb89cb322a8fd706d4fb91940737b6642aa36998fe130a9bc96c985eff32 towncrier CHANGELOG.md
black 26.10.1 5f9f83beae62437e060dafd53d7f1fc327e3d3494f74d72ee5c2b73eb90fc4e7 headings CHANGES.md
build 1.6.1 51cc11666391ab6f092070437ac747002ff46f3e4113a3622177ee6b488bfc53 towncrier CHANGELOG.rst
cachetools 8.0.1 deb1d376d4d28c2f33f3e3058043b005e0af75c35c094bd54053e27d2906ad95 headings CHANGELOG.rst
cibuildwheel 4.3.5 43c30292b9ec8d08a8eb3873436e64d4d1434c5dcbc855fb0afbfc69732048f1 headings docs/changelog.md
coverage 7.17.3 6695d1bb2a9a2fbd7806d69d78cf30f35eb0f65045da0ec5b5045242fadd6a78 scriv CHANGES.rst
flask 3.1.3 0ef0e52b8a9cd932855379197dd8f94047b359ca0a78695144304cb45f87c9eb headings CHANGES.rst
httpx 0.28.1 75e98c5f16b0f35b567856f597f06ff2270a374470a5c2392242528e3e3e42fc keep-a-changelog CHANGELOG.md
markdown-it-py 4.3.0 91a58fa5b72c71a40cf7177250fd767480d7a2bb3ac426ccfb76fb90305fdaaa headings CHANGELOG.md
nox 2026.10.20 5da57c009c3dfdd762c068d9079b17966ec967a9eb02cd8ebcf016a946eaf67f headings CHANGELOG.md
openai 3.54.0 2e393e63f8a38be6452806f9ef0b6534fecd6d41ab3b2165180dfce3599249cd conventional CHANGELOG.md
pytest-mock 3.17.0 e36576e0985e01027e999891e7a966c67822d40c89ef1b4c8b6e22737e3590b4 headings CHANGELOG.rst
requests 2.34.2 f288924cae4e29463698d6d60bc6a4da69c89185ad1e0bcc4104f584e960b9ed headings HISTORY.md
scriv 1.8.0 7b1a105dd411ac541998250fc8594742419f94cee984ca1257c5ebf5af21918b scriv CHANGELOG.rst
structlog 26.1.0 f63a716cbd1b1291cf7661de7794b455acfa4c43c5bcf1630e6ad5ddc1adb3b7 keep-a-changelog CHANGELOG.md
towncrier 26.9.0 ace9031631c718cc0709107b8755e6e31350eb8acdc877af43df3177addb9a55 towncrier NEWS.rst
typing-inspection 0.4.5 7f16c411e7930dc79596d42ab44672a3fe5f60eb34b781a1647e7872363120c7 headings HISTORY.md
zest-releaser 9.9.1 803282b081a6fe3d6dd6afb43db09477b3e3a86aa44a9e838481f3bb2b513034 headings CHANGES.rst
zipp 4.1.2 cf474b90b07ea932637e17c6b9479de2b2882900b0d311bdaf4f5c000a15a97f towncrier NEWS.rst
"""
"""Name, version, digest, and what a person who knows the package says: the kind of changelog, and its file."""
PACKAGES = tuple(Package(*row.split(maxsplit=4)) for row in TABLE.splitlines())


@dataclass(frozen=True)
class Seen:
    """What came of one package: the words of its row, and whether all of it was right."""

    package: Package
    cells: tuple[str, ...]
    is_right: bool


def look(package: Package, folder: Path, sdists: Path) -> Seen:
    """Fetch a package, put it under git as it is, and look at its changelog."""
    try:
        source = unpack(fetch(package, sdists), folder / package.name)
        put_under_git(source, package)
    except NotReadyError as error:
        return Seen(package, (str(error),), False)
    changelog = find_changelog(Git(source, Processes(Environment())))
    place = changelog.place(NEXT, DAY)
    detected = (changelog.kind, place) == (package.backend, package.layout)
    file = read_changelog_file(source, package.layout)
    if file is None:
        return Seen(package, (changelog.kind, place, "there is no such file"), False)
    sections = [one for one in outline(file.text) if one.version is not None]
    told = (changelog.kind, place, changelog.why.removeprefix("detected: "), str(len(sections)))
    went, promoted = goes_in_and_out(file), is_promoted(file)
    return Seen(package, (*told, spelled(went), promoted), detected and went and promoted != "no")


def put_under_git(source: Path, package: Package) -> None:
    """Commit a source tree as it is, and tag it with its version."""
    for words in (
        ("init", "--quiet", "--initial-branch", "main"),
        ("add", "--all", "--force"),
        ("commit", "--quiet", "--message", f"{package.name} {package.version}"),
        ("tag", f"v{package.version}"),
    ):
        done = run(["git", *words], cwd=source)
        if done.returncode != 0:
            raise NotReadyError(f"git {words[0]} failed: {last_line(done.stderr)}")


def goes_in_and_out(file: ChangelogFile) -> bool:
    """Tell whether a section goes in, is found, and leaves the file as it was to the byte when it is cut out."""
    spot = find_spot(file.text)
    notes = "Turned.\n\n- Both ways.\n- And back."
    after = insert_section(file.text, NEXT, DAY, notes, rst=file.is_rst)
    lines, new = file.text.splitlines(keepends=True), after.splitlines(keepends=True)
    surplus = len(new) - len(lines)
    cut = new[: spot.line] + new[spot.line + surplus :]
    others = [one for one in outline(file.text) if one.version is not None]
    kept = all(
        find_section(after, one.version) == find_section(file.text, one.version) for one in others if one.version
    )
    return find_section(after, NEXT) == notes and "".join(cut) == file.text and kept


def is_promoted(file: ChangelogFile) -> str:
    """Say whether entries that people add above all versions become a version's section."""
    unreleased = insert_section(file.text, NEXT, DAY, "- Turned.", rst=file.is_rst)
    heading = next(one.heading for one in outline(unreleased) if one.version == NEXT)
    lines = unreleased.splitlines(keepends=True)
    at = next(number for number in range(heading.start, heading.end) if "9999" in lines[number])
    lines[at] = lines[at].replace(heading.title, "Unreleased")
    text = "".join(lines)
    section = find_written(outline(text), NEXT)
    if section is None or section.version is not None:
        return "no"
    if not section.text.endswith("- Turned."):
        return "it has its own"
    after = promote(text, section, NEXT, DAY)
    return spelled((find_section(after, NEXT) or "").endswith("- Turned."))


def spelled(truth: bool) -> str:
    """Give yes or no."""
    return "yes" if truth else "no"


def render(found: Sequence[Seen]) -> str:
    """Render what was seen as a Markdown table."""
    rows = ["| package | kind | file | detected by | versions | in and out | promoted | as expected |"]
    rows += ["|---|---|---|---|---|---|---|---|", *(_row(each) for each in found)]
    return "\n".join(rows)


def _row(each: Seen) -> str:
    cells = (f"{each.package.name} {each.package.version}", *each.cells, spelled(each.is_right))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main(argv: Sequence[str] | None = None) -> int:
    """Look at every package (or those named) and print the table; 1 if anything is not as expected."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("package", nargs="*", help="only these (default: all twenty)")
    parser.add_argument("--sdists", type=Path, help="keep downloaded sdists here, and take them from here")
    words = parser.parse_args(argv)
    known = [package.name for package in PACKAGES]
    if unknown := sorted(set(words.package) - set(known)):
        parser.error(f"no such package: {', '.join(unknown)} (there are {', '.join(known)})")
    chosen = [package for package in PACKAGES if not words.package or package.name in words.package]
    with tempfile.TemporaryDirectory(prefix="real-changelogs-") as folder:
        sdists = (words.sdists or Path(folder) / "sdists").resolve()
        sdists.mkdir(parents=True, exist_ok=True)
        found = [look(package, Path(folder), sdists) for package in chosen]
    print(render(found))
    return 0 if all(each.is_right for each in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
