"""What wheels and sdists have to hold, and what they must not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from packaging.version import Version

from shipway.release.distributions import inspect_sdist, inspect_wheel, kind_of, metadata_member, top_level_names

VERSION = Version("1.2.0")
METADATA = "Metadata-Version: 2.4\nName: Acme.Widgets\nVersion: 1.2.0\n\nWords.\n"
INFO = tuple(f"acme_widgets-1.2.0.dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD"))
WHEEL = ("acme/__init__.py", "acme/data.json", *INFO)
TOP = "acme_widgets-1.2.0"
SDIST = (f"{TOP}/", f"{TOP}/PKG-INFO", f"{TOP}/pyproject.toml", f"{TOP}/src/acme/__init__.py")


def wheel(
    names: Sequence[str] = WHEEL, metadata: str = METADATA, filename: str = f"{TOP}-py3-none-any.whl"
) -> list[str]:
    return inspect_wheel(names, metadata, filename, name="acme-widgets", version=VERSION)


def sdist(names: Sequence[str] = SDIST, metadata: str = METADATA, filename: str = f"{TOP}.tar.gz") -> list[str]:
    return inspect_sdist(names, metadata, filename, name="acme-widgets", version=VERSION)


def test_a_proper_pair_has_no_problems() -> None:
    assert wheel() == []
    assert sdist() == []


@pytest.mark.parametrize(
    ("filename", "kind"),
    [("a-1.tar.gz", "sdist"), ("a-1-py3-none-any.whl", "wheel"), ("a-1.zip", None), ("a.whl.asc", None)],
)
def test_the_kind_is_told_by_the_name(filename: str, kind: str | None) -> None:
    assert kind_of(filename) == kind


def test_the_metadata_are_where_the_file_name_says() -> None:
    assert metadata_member(f"{TOP}-1-py3-none-any.whl") == INFO[0]
    assert metadata_member(f"{TOP}.tar.gz") == f"{TOP}/PKG-INFO"


@pytest.mark.parametrize(
    ("filename", "said"),
    [
        ("other-1.2.0-py3-none-any.whl", "its file name names other, not acme-widgets"),
        ("acme_widgets-1.2.1-py3-none-any.whl", "its file name has version 1.2.1, not 1.2.0"),
        ("Acme.Widgets-1.2.0-py3-none-any.whl", "not normalised: it has to begin with acme_widgets-1.2.0"),
        ("acme_widgets-1.2-py3-none-any.whl", "not normalised"),
        ("acme_widgets.whl", "not well formed"),
    ],
)
def test_a_wheel_s_file_name_has_to_agree(filename: str, said: str) -> None:
    assert any(said in problem for problem in wheel(filename=filename))


@pytest.mark.parametrize(
    ("filename", "said"),
    [
        ("other-1.2.0.tar.gz", "its file name names other"),
        ("acme_widgets-1.2.0rc1.tar.gz", "has version 1.2.0rc1"),
        ("acme-widgets-1.2.0.tar.gz", "not normalised"),
        ("acme_widgets.tar.gz", "not well formed"),
    ],
)
def test_an_sdist_s_file_name_has_to_agree(filename: str, said: str) -> None:
    assert any(said in problem for problem in sdist(filename=filename))


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        (METADATA.replace("Acme.Widgets", "other"), "names other, not acme-widgets"),
        (METADATA.replace("1.2.0", "1.1.0"), "has version 1.1.0, not 1.2.0"),
        (METADATA.replace("1.2.0", "soon"), "has a version that is none: 'soon'"),
        ("", "has no name and version"),
        ("Name: acme-widgets\n\nVersion: 1.2.0\n", "has no name and version"),
    ],
)
def test_metadata_have_to_agree(metadata: str, said: str) -> None:
    assert [problem for problem in wheel(metadata=metadata) if said in problem] != []
    assert [problem for problem in sdist(metadata=metadata) if said in problem] != []


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (WHEEL[:2], "dist-info/ lacks METADATA, WHEEL, RECORD"),
        (INFO, "holds nothing that can be imported"),
        ((*INFO, "acme/data.json"), "holds nothing that can be imported"),
        ((*INFO, "acme-widgets/x.py"), "holds nothing that can be imported"),
        ((*WHEEL, "acme_widgets-1.1.0.dist-info/METADATA"), "another acme_widgets-1.1.0.dist-info"),
        ((*WHEEL, "acme/__init__.py"), "members of the same name: acme/__init__.py"),
    ],
)
def test_a_wheel_lacks_nothing_and_holds_nothing_twice(names: Sequence[str], said: str) -> None:
    assert any(said in problem for problem in wheel(names))


@pytest.mark.parametrize("missing", ["PKG-INFO", "pyproject.toml"])
def test_an_sdist_lacks_nothing(missing: str) -> None:
    names = [name for name in SDIST if not name.endswith(missing)]
    assert sdist(names) == [f"{TOP}/ lacks {missing}"]


def test_an_sdist_keeps_to_its_folder() -> None:
    assert "not everything is in" in sdist((*SDIST, "other/x.py"))[0]
    assert "not everything is in" in sdist((*SDIST, f"{TOP}0/x.py"))[0]


@pytest.mark.parametrize(
    "stray",
    [
        ".git/config",
        "x/.git/HEAD",
        ".env",
        ".release/plan.json",
        ".nox/lint/x",
        "x/__pycache__/y.cpython-311.pyc",
        "y.pyc",
        "x.py~",
        ".x.py.swp",
        "#x.py#",
        "x.orig",
        ".DS_Store",
        ".idea/x.xml",
        "id_ed25519",
        "deploy/server.key",
        ".pypirc",
        ".netrc",
    ],
)
def test_strays_block_both(stray: str) -> None:
    said = "holds what nobody means to publish"
    assert any(said in problem for problem in wheel((*WHEEL, f"acme/{stray}")))
    assert any(said in problem for problem in sdist((*SDIST, f"{TOP}/{stray}")))


def test_test_data_of_an_sdist_may_look_like_secrets_but_not_like_leftovers() -> None:
    assert sdist((*SDIST, f"{TOP}/tests/certs/server.key", f"{TOP}/tests/.env")) == []
    assert sdist((*SDIST, f"{TOP}/tests/__pycache__/x.pyc")) != []
    assert wheel((*WHEEL, "acme/tests/server.key")) != []


def test_ordinary_hidden_files_and_certificates_are_fine() -> None:
    assert sdist((*SDIST, f"{TOP}/.gitignore", f"{TOP}/.github/workflows/ci.yml", f"{TOP}/.env.example")) == []
    assert wheel((*WHEEL, "acme/cacert.pem", "acme/py.typed", "acme/.keep")) == []


def test_what_uv_build_keeps_of_the_original_pyproject_is_fine_in_an_sdist_alone() -> None:
    assert sdist((*SDIST, f"{TOP}/pyproject.toml.orig")) == []
    assert sdist((*SDIST, f"{TOP}/docs/pyproject.toml.orig")) != []
    assert wheel((*WHEEL, "acme/pyproject.toml.orig")) != []


@pytest.mark.parametrize("platform", ["linux_x86_64", "linux_aarch64", "manylinux_2_28_x86_64.linux_x86_64"])
def test_a_compiled_wheel_for_one_machine_alone_blocks(platform: str) -> None:
    problems = wheel(filename=f"acme_widgets-1.2.0-cp311-cp311-{platform}.whl")
    assert any("fits only machines like this one" in problem for problem in problems)


@pytest.mark.parametrize("platform", ["manylinux_2_28_x86_64", "musllinux_1_2_x86_64", "linux_armv7l", "win_amd64"])
def test_a_compiled_wheel_for_many_machines_is_fine(platform: str) -> None:
    assert wheel(filename=f"acme_widgets-1.2.0-cp311-cp311-{platform}.whl") == []


@pytest.mark.parametrize(
    "unsafe", ["../x.py", "/etc/passwd", "acme/../../x", "acme\\..\\x", "C:/x", "acme/\x00x", "acme/\nx", ""]
)
def test_members_that_lead_elsewhere_are_refused(unsafe: str) -> None:
    (problem,) = wheel((*WHEEL, unsafe))
    assert "would be unpacked elsewhere" in problem
    assert problem.isprintable()
    assert any("would be unpacked elsewhere" in problem for problem in sdist((*SDIST, unsafe)))


def test_many_strays_are_listed_shortly() -> None:
    (problem,) = wheel((*WHEEL, *(f"acme/{i}.pyc" for i in range(9))))
    assert problem.endswith("and 4 more")


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["acme/__init__.py", "acme/sub/x.py", *INFO], ("acme",)),
        (["acme.py", "_speed.cpython-311-x86_64-linux-gnu.so", "win.cp311-win_amd64.pyd"], ("_speed", "acme", "win")),
        (["ns/pkg/mod.abi3.so", "docs/readme.md", "a-b/x.py", "x.pth"], ("ns",)),
        (["acme-1.0.data/purelib/acme/__init__.py", "acme-1.0.data/scripts/run.py"], ("acme",)),
        (["acme-stubs/__init__.pyi"], ()),
    ],
)
def test_importable_names_are_told(names: list[str], wanted: tuple[str, ...]) -> None:
    assert top_level_names(names) == wanted


def test_a_wheel_of_stubs_need_not_be_importable() -> None:
    assert wheel((*INFO, "acme-stubs/__init__.pyi")) == []
