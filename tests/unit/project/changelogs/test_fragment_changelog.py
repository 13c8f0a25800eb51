"""A changelog by towncrier, by the program itself: its many configurations, the level of its fragments, what blocks."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from shipway.changelog.sections import find_section
from shipway.project.changelog import find_changelog
from shipway.project.changelogs.contract import Span
from shipway.project.changelogs.fragments import FragmentChangelog
from shipway.release.outcomes import BlockedError, ConfigurationError, NothingToReleaseError, ToolError
from unit.project.changelogs.changelog_support import DAY, NEXT, drafted, repository

BASE = '[tool.towncrier]\ndirectory = "changelog.d"\n'
OLDER = (
    '[tool.towncrier]\npackage = "acme"\npackage_dir = "src"\nfilename = "docs/news.rst"\n'
    '[[tool.towncrier.type]]\ndirectory = "feature"\nname = "New"\nshowcontent = true\n'
    '[[tool.towncrier.type]]\ndirectory = "trivial"\nname = "Trivial"\nshowcontent = false\n'
)
SKELETON = '[tool.towncrier]\ntitle_format = "{version}"\n'
TEMPLATE = (
    "{% for s in sections.values() %}{% for k, vs in s.items() %}{% for t, i in vs.items() %}\n"
    "* {{ t }} {{ k }}\n{% endfor %}{% endfor %}{% endfor %}"
)


def towncrier(root: Path, files: dict[str, str], toml: str = "") -> FragmentChangelog:
    """Give the changelog of a repository that is configured for towncrier."""
    found = find_changelog(repository(root, files, toml=toml))
    assert isinstance(found, FragmentChangelog)
    return found


@pytest.mark.parametrize(
    ("files", "toml", "path", "notes"),
    [
        pytest.param(
            {"changelog.d/7.feature.rst": "A.", "changelog.d/+x.bugfix.rst": "B."},
            BASE,
            "NEWS.rst",
            "Features\n--------\n\n- A. (#7)\n\n\nBugfixes\n--------\n\n- B.",
            id="reStructuredText and an orphan",
        ),
        pytest.param(
            {"src/acme/newsfragments/7.feature": "A.", "src/acme/newsfragments/8.trivial": "B."},
            OLDER,
            "docs/news.rst",
            "New\n---\n\n- A. (#7)\n\n\nTrivial\n-------\n\n- #8",
            id="an older configuration, with a package that is not imported",
        ),
        pytest.param(
            {"towncrier.toml": SKELETON, "newsfragments/7.feature.rst": "A."},
            "",
            "NEWS.rst",
            "Features\n--------\n\n- A. (#7)",
            id="a folder that nothing names",
        ),
        pytest.param(
            {"changelog.d/7.feature.md": "A."},
            f'{BASE}filename = "docs/{{version}}.md"\nsingle_file = false\n',
            "docs/1.3.0.md",
            "## Features\n\n- A. (#7)",
            id="one file per version",
        ),
        pytest.param(
            {"changelog.d/7.feature.md": "A.", "changelog.d/t.md": TEMPLATE},
            f'{BASE}filename = "NEWS.md"\ntemplate = "changelog.d/t.md"\ntitle_format = "## {{version}}"\n',
            "NEWS.md",
            "* A. feature",
            id="a template",
        ),
        pytest.param(
            {"changelog.d/web/7.feature.md": "A.", "changelog.d/8.bugfix.md": "B."},
            f'{BASE}filename = "NEWS.md"\n[[tool.towncrier.section]]\npath = ""\nname = ""\n'
            '[[tool.towncrier.section]]\npath = "web"\nname = "Web"\n',
            "NEWS.md",
            "## Bugfixes\n\n- B. (#8)\n\n## Web\n\n### Features\n\n- A. (#7)",
            id="sections",
        ),
    ],
)
def test_notes_are_what_the_program_renders_and_what_it_writes(
    tmp_path: Path, files: dict[str, str], toml: str, path: str, notes: str
) -> None:
    changelog = towncrier(tmp_path, files, toml)
    found = drafted(changelog).notes
    assert [line for line in found.splitlines() if line] == [line for line in notes.splitlines() if line]
    assert changelog.place(NEXT, DAY) == path
    changelog.write(NEXT, DAY, found)
    text = (tmp_path / path).read_text(encoding="utf-8")
    assert find_section(text, NEXT) == found
    assert not changelog.paths()


def test_the_types_of_fragments_tell_the_level(tmp_path: Path) -> None:
    files = {"changelog.d/7.feature": "A.", "changelog.d/8.misc": "B.", "changelog.d/9.misc": "C."}
    content = towncrier(tmp_path, files, BASE).content(Span(None, "HEAD"))
    assert (content.level, content.total, content.decides) == ("minor", {"feature": 1, "misc": 2}, True)
    assert (content.counted[0].what, content.counted[0].why) == ("changelog.d/7.feature", "has the type feature")


@pytest.mark.parametrize(
    ("files", "toml", "error", "said"),
    [
        ({}, BASE, NothingToReleaseError, "changelog.d holds no fragment"),
        (
            {"changelog.d/README.md": "x", "changelog.d/HOWTO.rst": "x"},
            BASE,
            NothingToReleaseError,
            "holds no fragment",
        ),
        ({"changelog.d/7.fix": "A."}, BASE, BlockedError, "7.fix would be left out"),
        ({"changelog.d/7.feature": " "}, BASE, BlockedError, "7.feature is empty"),
        ({"changelog.d/7.feature": "A."}, f'{BASE}template = "no.md"\n', ToolError, "failed with exit code"),
        ({"changelog.d/7.feature": "A."}, f"{BASE}singlefile = true\n", ToolError, "failed with exit code"),
    ],
)
def test_what_stands_in_the_way_is_told(
    tmp_path: Path, files: dict[str, str], toml: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        drafted(towncrier(tmp_path, files, toml))


def test_what_the_program_cannot_use_is_told_with_what_shows_that_it_is_mended(tmp_path: Path) -> None:
    toml = f'{BASE}template = "changelog.d/_own.jinja"\nfilename = "NEWS.md"\n'
    found = towncrier(tmp_path, {"changelog.d/7.feature.md": "A."}, toml)
    with pytest.raises(ToolError, match="towncrier failed") as caught:
        drafted(found)
    assert "_own.jinja" in caught.value.why
    remedy = shlex.split(caught.value.remedy.partition("passes: ")[2])
    remedy[0] = sys.executable
    assert subprocess.run(remedy, cwd=tmp_path, capture_output=True, check=False).returncode == 1
    (tmp_path / "changelog.d" / "_own.jinja").write_text(TEMPLATE, encoding="utf-8")
    assert subprocess.run(remedy, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    assert "A" in drafted(found).notes


def test_a_fragment_may_be_empty_where_only_its_issue_is_told(tmp_path: Path) -> None:
    found = towncrier(
        tmp_path, {"changelog.d/7.feature": "A.", "changelog.d/8.misc": "", "changelog.d/9.misc": "B"}, BASE
    )
    assert drafted(found).notes.endswith("- #8, #9")


def test_configuration_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="towncrier's type in pyproject.toml"):
        towncrier(tmp_path, {}, f'{BASE}type = "x"\n')
