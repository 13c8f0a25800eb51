"""What decides bump and sections: the options of the tool that a repository uses, else our own; its own keys first."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from shipway.changelog.convention import OWN, Convention, Told, read_message
from shipway.project.conventions import read_convention
from shipway.release.standing import BEGUN

RELEASE_PLEASE = "release-please-config.json"
SEMANTIC = "[tool.semantic_release]\n"
SEMANTIC_OPTIONS = f"{SEMANTIC}[tool.semantic_release.commit_parser_options]\n"


def files(**texts: str) -> Callable[[str], str | None]:
    """Give files by their names, in which ``__`` stands for a dot, ``_S_`` for a slash, and ``_DASH_`` for a dash."""
    named = {name.replace("_S_", "/").replace("_DASH_", "-").replace("__", "."): text for name, text in texts.items()}
    return named.get


def read(toml: str = "", **texts: str) -> Convention:
    return read_convention(files(pyproject__toml=f'[project]\nname = "acme"\n{toml}', **texts))


def please(**options: Any) -> Convention:  # noqa: ANN401 - JSON
    text = json.dumps({"packages": {".": {}}, **options})
    return read_convention(lambda name: text if name == RELEASE_PLEASE else None)


def told(convention: Convention, message: str) -> list[tuple[str, str, str]]:
    """Give level, section and text of what a message tells."""
    return [(one.level, one.section, one.text) for one in read_message(convention, message) if one.kind != "foreign"]


def test_a_repository_without_any_tool_has_our_convention() -> None:
    convention = read()
    assert convention is OWN
    assert (convention.zero, convention.fallback, convention.cancels) == ("minor", "patch", True)
    assert told(convention, "feat(cli): turn") == [("minor", "Added", "turn")]
    assert told(convention, "chore: tidy") == [("", "", "tidy")]


# --- release-please -------------------------------------------------------------------------------------


def test_release_please_shows_of_python_what_it_shows_by_itself() -> None:
    convention = please()
    assert told(convention, "deps: bump x") == [("patch", "Dependencies", "bump x")]
    assert told(convention, "docs: say") == [("patch", "Documentation", "say")]
    assert told(convention, "chore: tidy") == [("", "", "tidy")]
    assert told(convention, "chore!: drop") == [("major", "Miscellaneous Chores", "drop")]
    assert told(convention, "own: say") == []
    assert told(convention, "own!: drop") == [("major", "", "drop")]
    assert told(convention, "BREAKING CHANGE: drop") == []
    assert convention.file == "CHANGELOG.md"


def test_release_please_shows_a_type_in_any_case_and_takes_one_in_capitals_for_no_feature() -> None:
    assert told(please(), "Feat: say") == [("patch", "Features", "say")]
    assert told(please(), "FIX(cli): rest") == [("patch", "Bug Fixes", "rest")]
    assert told(please(), "Chore: tidy") == [("", "", "tidy")]


def test_release_please_shows_the_commit_that_asks_for_a_version() -> None:
    (asking,) = read_message(please(), "chore: release it\n\nRelease-As: 2.0.0")
    assert (asking.version, asking.section) == ("2.0.0", "Miscellaneous Chores")
    (asking,) = read_message(OWN, "chore: release it\n\nRelease-As: 2.0.0")
    assert (asking.version, asking.section) == ("2.0.0", "")


def test_release_please_has_the_sections_that_it_is_told() -> None:
    sections = [
        {"type": "feat", "section": "New"},
        {"type": "chore", "section": "Rest"},
        {"type": "fix", "hidden": True},
    ]
    convention = please(**{"changelog-sections": sections})
    assert told(convention, "feat: a") == [("minor", "New", "a")]
    assert told(convention, "chore: a") == [("patch", "Rest", "a")]
    assert told(convention, "fix: a") == [("", "", "a")]
    assert told(convention, "docs: a") == []
    assert convention.sections == ("\u26a0 BREAKING CHANGES", "New", "Rest", "")


@pytest.mark.parametrize(
    ("options", "zero"),
    [
        ({}, "major"),
        ({"bump-minor-pre-major": True}, "minor"),
        ({"bump-minor-pre-major": True, "bump-patch-for-minor-pre-major": True}, "shifted"),
        ({"packages": {".": {"bump-minor-pre-major": True}}}, "minor"),
        ({"bump-patch-for-minor-pre-major": True}, "features"),
    ],
)
def test_release_please_says_what_breaks_before_the_first_major(options: dict[str, Any], zero: str) -> None:
    assert please(**options).zero == zero


def test_release_please_reads_several_messages_in_one() -> None:
    message = "feat: first (#5)\n\nfix(cli): second\n\nBody.\n\nBEGIN_NESTED_COMMIT\nfeat!: third\nEND_NESTED_COMMIT\n"
    assert [text for _, _, text in told(please(), message)] == ["first (#5)", "second", "third"]
    assert [text for _, _, text in told(OWN, message)] == ["first (#5)"]


def test_release_please_has_packages_with_paths_and_with_what_is_left_out() -> None:
    packages = {
        "libs/a": {"exclude-paths": ["libs/a/docs"], "changelog-path": "NEWS.md", "component": "a"},
        "libs/b": {},
    }
    config = {RELEASE_PLEASE: json.dumps({"packages": packages, "release-as": "2.0.0"})}
    found = read_convention(files(), above=config.get, package="libs/a")
    assert found.paths == (":(top)libs/a", ":(top,exclude)libs/a/docs")
    assert (found.file, found.asked, found.tag_format) == ("libs/a/NEWS.md", "2.0.0", "a-v{version}")


def test_release_please_releases_with_the_root_what_has_no_package_of_its_own() -> None:
    config = {RELEASE_PLEASE: json.dumps({"packages": {".": {}, "./libs/a/": {"component": "a"}}})}
    own, other = (read_convention(files(), above=config.get, package=name) for name in ("libs/a", "libs/b"))
    assert (own.paths, own.file) == ((":(top)libs/a",), "libs/a/CHANGELOG.md")
    assert (other.paths, other.file) == ((":(top)",), "CHANGELOG.md")
    config = {RELEASE_PLEASE: json.dumps({"packages": {"libs/a": {}}})}
    assert read_convention(files(), above=config.get, package="libs/b") is OWN


@pytest.mark.parametrize(
    "texts",
    [
        {".github/release-please-config.json": json.dumps({"packages": {".": {"bump-minor-pre-major": True}}})},
        {
            ".github/workflows/release.yml": "uses: x/release-please-action@v4\nwith:\n  config-file: ci/please.json\n",
            "ci/please.json": json.dumps({"bump-minor-pre-major": True}),
        },
        {".github/release-please-config.json": '{"bump-minor-pre-major": true}', ".release-please-manifest.json": "{}"},
    ],
)
def test_release_please_may_be_configured_elsewhere(texts: dict[str, str]) -> None:
    found = read_convention(texts.get)
    assert (found.tool, found.zero) == ("release-please", "minor")


def test_release_please_is_known_by_its_workflow_and_by_its_app() -> None:
    workflow = (
        "jobs:\n  x:\n    steps:\n      - uses: google-github-actions/release-please-action@v3\n        with:\n"
        "          release-type: python\n          bump-minor-pre-major: true\n"
        """          changelog-types: '[{"type":"feat","section":"New","hidden":false}]'\n"""
    )
    found = read(**{"__github_S_workflows_S_release-please__yml": workflow})
    assert (found.tool, found.zero, told(found, "feat: a")) == ("release-please", "minor", [("minor", "New", "a")])
    app = read(**{"__github_S_release-please__yml": "releaseType: python\nbumpMinorPreMajor: true\n"})
    assert (app.tool, app.zero) == ("release-please", "minor")


# --- python-semantic-release ----------------------------------------------------------------------------


def test_semantic_release_releases_for_few_types_and_shows_all() -> None:
    convention = read(SEMANTIC)
    assert told(convention, "feat: a") == [("minor", "Features", "a")]
    assert told(convention, "perf: a") == [("patch", "Performance Improvements", "a")]
    assert told(convention, "chore(x): a") == [("", "Chores", "a")]
    assert told(convention, "deps: a") == []
    assert (convention.zero, convention.fallback, convention.tag_format) == ("major", "", "v{version}")
    assert read(f"{SEMANTIC}major_on_zero = false\n").zero == "minor"


def test_semantic_release_has_types_of_its_users() -> None:
    options = 'minor_tags = ["feat", "change"]\npatch_tags = ["fix"]\nallowed_tags = ["feat", "change", "fix", "x"]\n'
    convention = read(SEMANTIC_OPTIONS + options)
    assert told(convention, "change: a") == [("minor", "Change", "a")]
    assert told(convention, "x: a") == [("", "X", "a")]
    assert told(convention, "perf: a") == []


def test_semantic_release_leaves_out_what_it_is_told_unless_it_makes_a_release() -> None:
    options = (
        '[tool.semantic_release.changelog]\nexclude_commit_patterns = ["""(chore|fix)(?:\\\\([^)]*?\\\\))?: .+"""]\n'
    )
    convention = read(SEMANTIC + options.replace('"""', "'"))
    assert told(convention, "chore: a") == [("", "", "a")]
    assert told(convention, "fix: a") == [("patch", "Bug Fixes", "a")]
    assert told(convention, "docs: a") == [("", "Documentation", "a")]


@pytest.mark.parametrize(
    ("parser", "message", "expected"),
    [
        ("emoji", ":sparkles: Turn", [("minor", ":sparkles:", ":sparkles: Turn")]),
        ("emoji", ":bug: Turn", [("patch", ":bug:", ":bug: Turn")]),
        ("emoji", "Turn", [("", "Other", "Turn")]),
        ("semantic_release.history.emoji_parser", ":boom: Turn", [("major", ":boom:", ":boom: Turn")]),
        ("scipy", "ENH: turn", [("minor", "Feature", "turn")]),
        ("scipy", "API(x): turn", [("major", "Breaking", "turn")]),
        ("scipy", "feat: turn", []),
        ("tag", "Turn :sparkles:", [("minor", "Feature", "Turn")]),
        ("tag", "Turn", []),
    ],
)
def test_semantic_release_has_other_parsers(parser: str, message: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(read(f'{SEMANTIC}commit_parser = "{parser}"\n'), message) == expected


def test_semantic_release_of_the_seventh_kind_is_read_from_setup_cfg() -> None:
    convention = read(setup__cfg="[semantic_release]\nversion_variable = a.py:v\nmajor_on_zero = False\n")
    assert (convention.tool, convention.zero) == ("python-semantic-release", "minor")
    assert told(convention, "chore: a") == [("", "", "a")]
    assert read_message(read(f"{SEMANTIC}patch_without_tag = true\n"), "Fix it")[0].level == "patch"


def test_semantic_release_of_the_tenth_kind_is_known_by_its_changelog() -> None:
    squashed = "feat: first\n\n* fix: second one\n"
    assert len(told(read(SEMANTIC), squashed)) == 1
    tenth = read(SEMANTIC, CHANGELOG__md="# CHANGELOG\n\n<!-- version list -->\n")
    assert (len(told(tenth, squashed)), tenth.capitalised) == (2, True)


# --- commitizen -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "shows_all"),
    [('branch = "main"', False), ('branch = "main"\n[tool.semantic_release.branches.main]\nmatch = "main"', True)],
)
def test_semantic_release_of_later_kinds_is_known_by_its_tables(options: str, *, shows_all: bool) -> None:
    assert bool(told(read(f"{SEMANTIC}{options}\n"), "refactor: move")[0][1]) is shows_all


@pytest.mark.parametrize(
    ("options", "zero"),
    [
        ("", "major"),
        ("major_on_zero = false", "minor"),
        ("allow_zero_version = true", "major"),
        ("allow_zero_version = false\nmajor_on_zero = false", "none"),
    ],
)
def test_semantic_release_says_what_leaves_the_first_major(options: str, zero: str) -> None:
    assert read(f"{SEMANTIC}{options}\n").zero == zero


def test_commitizen_reads_every_line_for_the_bump_and_paragraphs_for_the_changelog() -> None:
    convention = read("[tool.commitizen]\n")
    assert told(convention, "refactor(x): a") == [("patch", "Refactor", "a")]
    assert told(convention, "docs: a") == [("", "", "")]
    both = told(convention, "fix: a\n\nBREAKING CHANGE: gone")
    assert both == [("major", "Fix", "a"), ("", "BREAKING CHANGE", "gone")]
    assert convention.zero == "major"
    assert read("[tool.commitizen]\nmajor_version_zero = true\n").zero == "minor"


@pytest.mark.parametrize(
    "texts",
    [
        {"__cz__toml": "[tool.commitizen]\nmajor_version_zero = true\ntag_format = 'v$version'\n"},
        {"__cz__json": '{"commitizen": {"major_version_zero": true, "tag_format": "v${version}"}}'},
        {"__cz__yaml": "---\ncommitizen:\n  major_version_zero: true\n  tag_format: v$version\n"},
        {"setup__cfg": "[commitizen]\nmajor_version_zero = true\ntag_format = v$version\n"},
    ],
)
def test_commitizen_is_read_from_any_of_its_files(texts: dict[str, str]) -> None:
    found = read(**texts)
    assert (found.tool, found.zero, found.tag_format) == ("commitizen", "minor", "v{version}")


def test_commitizen_has_rules_of_its_users() -> None:
    options = (
        '[tool.commitizen]\nname = "cz_customize"\n[tool.commitizen.customize]\nbump_pattern = "^(new|old)"\n'
        'bump_map = { new = "MINOR", old = "PATCH" }\ncommit_parser = "^(?P<change_type>new|old) (?P<message>.*)"\n'
        'change_type_map = { new = "New" }\nchange_type_order = ["New", "old"]\n'
    )
    convention = read(options)
    assert told(convention, "new thing") == [("minor", "New", "thing")]
    assert told(convention, "old thing") == [("patch", "old", "thing")]
    assert convention.sections == ("New", "old")


# --- git-cliff ------------------------------------------------------------------------------------------


CLIFF = """\
[changelog]
output = "NEWS.md"
[git]
protect_breaking_commits = true
commit_preprocessors = [{ pattern = '\\((\\w+\\s)?#([0-9]+)\\)', replace = "(#${2})" }]
commit_parsers = [
  { message = "^feat", group = "<!-- 0 -->Added" },
  { message = "^(fix|perf)", group = "<!-- 1 -->Fixed $1" },
  { message = "^chore\\\\(release\\\\)", skip = true },
  { message = "^docs", skip = true },
]
"""


def test_git_cliff_groups_and_skips_by_its_rules() -> None:
    convention = read(cliff__toml=CLIFF)
    assert told(convention, "feat(x): a (issue #4)") == [("minor", "Added", "A (#4)")]
    assert told(convention, "fix: a") == [("patch", "Fixed fix", "A")]
    assert told(convention, "docs: a") == [("", "", "")]
    assert told(convention, "docs!: a") == [("major", "Docs", "A")]
    assert told(convention, "Fix it") == []
    assert convention.sections == ("Added", "Fixed $1")
    assert (convention.file, convention.zero, convention.order) == ("NEWS.md", "minor", "oldest")


def test_git_cliff_bumps_by_its_options() -> None:
    assert read("[tool.git-cliff.bump]\nfeatures_always_bump_minor = true\n").zero == "major"
    assert read("[tool.git-cliff.bump]\nbreaking_always_bump_major = false\n").zero == "minor"
    both = "breaking_always_bump_major = false\nfeatures_always_bump_minor = false\n"
    assert read(f"[tool.git-cliff.bump]\n{both}").zero == "shifted"
    custom = read('[tool.git-cliff.bump]\ncustom_minor_increment_regex = "^new"\n')
    assert told(custom, "new: a")[0][0] == "minor"


def test_git_cliff_has_its_own_rules_where_none_are_set() -> None:
    convention = read("[tool.git-cliff.changelog]\n")
    assert told(convention, "own: a") == [("patch", "\U0001f4bc Other", "A")]
    assert told(convention, "chore(deps): a") == [("", "", "")]


# --- which one, and our own keys ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("toml", "texts", "tool"),
    [
        (f"{SEMANTIC}[tool.commitizen]\nversion = '1'\n", {}, "python-semantic-release"),
        ("[tool.commitizen]\nname = 'cz_conventional_commits'\n", {"cliff__toml": ""}, "git-cliff"),
        ("[tool.commitizen]\nversion = '1'\n", {"cliff__toml": ""}, "commitizen"),
        (SEMANTIC, {"release-please-config__json": "{}", "__release-please-manifest__json": "{}"}, "release-please"),
    ],
)
def test_of_several_tools_the_one_counts_that_makes_releases(toml: str, texts: dict[str, str], tool: str) -> None:
    assert read(toml, **texts).tool == tool


# --- git-changelog, and tools of npm's ------------------------------------------------------------------

GIT_CHANGELOG = '[tool.git-changelog]\nconvention = "angular"\nsections = ["build", "feat", "fix", "refactor"]\n'


@pytest.mark.parametrize(
    "convention",
    [
        read(GIT_CHANGELOG),
        read(config_S_git_DASH_changelog__toml='convention = "conventional"\nsections = "build,feat,fix,refactor"\n'),
        read(
            duties__py='def changelog(ctx):\n    tools.git_changelog(sections=["build", "feat", "fix", "refactor"])\n'
        ),
    ],
)
def test_git_changelog_shows_its_sections_and_makes_a_patch_of_anything(convention: Convention) -> None:
    assert convention.tool == "git-changelog"
    assert told(convention, "refactor(api): Move it") == [("patch", "Code Refactoring", "Move it")]
    assert told(convention, "feat: New") == [("minor", "Features", "New")]
    assert told(convention, "style: Format")[0][:2] == ("patch", "")
    assert told(convention, "No type")[0][:2] == ("patch", "")
    assert told(convention, "fix: Mend\n\nBREAKING CHANGE: gone") == [("major", "Bug Fixes", "Mend")]
    assert convention.zero == "minor"


def test_git_changelog_may_read_subjects_without_types() -> None:
    convention = read("[tool.git-changelog]\nzerover = false\n")
    assert told(convention, "Add a door") == [("minor", "Added", "Add a door")]
    assert told(convention, "Document it")[0][:2] == ("patch", "")
    assert convention.zero == "major"


def test_semantic_release_of_npm_is_read_where_it_is_json() -> None:
    rules = {
        "plugins": [
            "x",
            ["@semantic-release/commit-analyzer", {"releaseRules": [{"type": "docs", "release": "patch"}]}],
        ]
    }
    convention = read(__releaserc=json.dumps(rules))
    assert (convention.tool, convention.zero, convention.fallback) == ("semantic-release", "major", "")
    assert told(convention, "docs: say") == [("patch", "", "say")]
    assert told(convention, "feat!: turn") == [("major", "Features", "turn")]
    assert told(convention, "chore: tidy") == [("", "", "tidy")]
    assert read(release__config__js="module.exports = {}").tool == "semantic-release"
    assert read(package__json='{"name": "acme", "release": {"branches": ["main"]}}').tool == "semantic-release"
    assert read(package__json='{"name": "acme"}') is OWN


def test_standard_version_has_types_of_its_users() -> None:
    types = [{"type": "docs", "section": "Documentation"}, {"type": "ci", "section": "CI", "hidden": True}]
    convention = read(__versionrc=json.dumps({"types": types}))
    assert (convention.tool, convention.zero) == ("standard-version", "shifted")
    assert told(convention, "docs: say") == [("patch", "Documentation", "say")]
    assert told(convention, "ci: run") == [("", "", "run")]
    assert told(convention, "feat: turn") == [("minor", "Features", "turn")]


def test_release_please_makes_prereleases_where_its_versions_are_some() -> None:
    assert please(versioning="prerelease", **{"prerelease-type": "beta"}).pre == "beta"
    assert not please(prerelease=True).pre
    assert not please(versioning="prerelease", prerelease=False, **{"prerelease-type": "beta"}).pre
    assert please(versioning="prerelease", prerelease=True).pre == BEGUN


CHGLOG = """\
options:
  commits:
    filters:
      Type:
        - feat
        - 'fix'
        # - docs
        - chore
  commit_groups:
    title_maps:
      feat: Features
      fix: "Bug Fixes"  # of any size
      chore: Maintenance
  header:
    pattern: "^(\\\\w*):\\\\s(.*)$"
  notes:
    keywords:
      - BREAKING CHANGE
"""


def test_git_chglog_shows_the_types_that_it_lets_through() -> None:
    convention = read(__chglog_S_config__yml=CHGLOG)
    assert (convention.tool, convention.zero) == ("git-chglog", "minor")
    assert told(convention, "feat(cli): turn (#3)") == [("minor", "Features", "turn (#3)")]
    assert told(convention, "chore(deps): bump x") == [("patch", "Maintenance", "bump x")]
    assert told(convention, "docs: say") == [("", "", "say")]
    assert convention.sections == ("Bug Fixes", "Features", "Maintenance", "BREAKING CHANGE")
    assert read(__chglog_S_config__yml="style: github\n").tool == "git-chglog"


def test_titles_of_the_repository_itself_win() -> None:
    titles: Mapping[str, str] = {"feat": "New", "docs": "Docs", "fix": ""}
    convention = read_convention(files(pyproject__toml=SEMANTIC), titles, squash=True)
    assert told(convention, "feat: a\n\n* docs: two words") == [("minor", "New", "a"), ("patch", "Docs", "two words")]
    assert told(convention, "fix: a") == [("", "", "a")]
    assert convention.sections[:3] == ("Breaking Changes", "New", "Docs")


@pytest.mark.parametrize(
    "texts",
    [
        {"release-please-config__json": "{"},
        {"release-please-config__json": "[]"},
        {"release-please-config__json": '{"packages": [1], "changelog-sections": {"a": 1}, "release-as": 3}'},
        {"cliff__toml": "[git]\ncommit_parsers = [{ message = '(' }, 3, { message = '(?<x>a)' }]\n"},
        {"cliff__toml": "git = 3"},
        {"__cz__json": '{"commitizen": {"name": 3, "tag_format": [], "change_type_order": 1}}'},
        {"pyproject__toml": "[tool.semantic_release]\ncommit_parser_options = 3\nbranches = 3\nchangelog = []\n"},
        {"pyproject__toml": "[tool.commitizen\n"},
        {"pyproject__toml": "[tool.git-changelog]\nsections = 3\nconvention = []\n"},
        {"__releaserc": '{"plugins": [["@semantic-release/commit-analyzer", {"releaseRules": [1, {"type": 3}]}], 4]}'},
        {"__releaserc": "branches: [main]"},
        {"__versionrc": '{"types": [3, {"section": 4}]}'},
        {"setup__cfg": "[semantic_release\n[semantic_release]\nx"},
        {"pyproject__toml": "[tool.commitizen]\ncustomize = 3\nname = 'cz_customize'\n"},
    ],
)
def test_what_is_not_as_it_should_be_counts_as_not_said(texts: dict[str, str]) -> None:
    convention = read_convention(files(**texts))
    assert all(isinstance(one, Told) for one in read_message(convention, "feat: a\n\nBREAKING CHANGE: b"))
