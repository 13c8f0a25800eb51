"""The sessions of the project's code with real tools: they pass what is good and block what is not."""

from __future__ import annotations

from fronts.fronts_support import PYPROJECT, Repository

FLAT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

"""
BACKEND = '''\
"""The smallest build backend: a wheel that holds one module (PEP 517)."""

import zipfile

NAME = "acme_widgets-1.2.4"


def build_wheel(directory, config_settings=None, metadata_directory=None):
    name = f"{NAME}-py3-none-any.whl"
    with zipfile.ZipFile(f"{directory}/{name}", "w") as wheel:
        wheel.write("source/acme_widgets.py", "acme_widgets.py")
        info = f"{NAME}.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: acme-widgets\\nVersion: 1.2.4\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
'''
TESTS = """\
import acme_widgets


def test_answer():
    assert acme_widgets.ANSWER == 42


def test_of_something_else():
    assert acme_widgets.ANSWER == 43
"""


def test_lint_passes_clean_code_and_blocks_the_rest(repository: Repository) -> None:
    repository.noxfile()
    repository.write("noxfile.py", "import nox\nimport shipway\n\nshipway.register()\n")
    assert repository.nox("-s", "lint").code == 1  # unused import
    repository.write("noxfile.py", "import shipway\n\nshipway.register()\n")
    ended = repository.nox("-R", "-s", "lint")
    assert ended.code == 0, ended.output
    repository.write("module.py", "value = {  'a':1 }\n")
    ended = repository.nox("-R", "-s", "lint")
    assert ended.code == 1
    assert "module.py:1" in ended.output


def test_a_vendored_copy_is_neither_linted_nor_formatted_nor_type_checked(repository: Repository) -> None:
    repository.noxfile()
    repository.write("noxfile.py", "import shipway\n\nshipway.register()\n")
    wrong = "import os\n\nvalue: str = {  'a':1 }\n"
    ruff = '[tool.ruff]\nextend-exclude = ["made", "backend.py"]\n'
    mypy = '[tool.mypy]\nfiles = ["."]\nexclude = ["^made/", "^noxfile"]\n'
    repository.write("pyproject.toml", FLAT + PYPROJECT + ruff + mypy)
    repository.write("backend.py", BACKEND)
    repository.write("source/acme_widgets.py", "ANSWER = 42\n")
    repository.write("tools/shipway/module.py", wrong)
    repository.write("made/module.py", wrong)
    ended = repository.nox("-s", "lint", "typecheck")
    assert ended.code == 1
    assert "tools/shipway/module.py:1" in ended.output
    repository.write("tools/shipway/vendored.json", "{}")
    ended = repository.nox("-R", "-s", "lint", "typecheck")
    assert ended.code == 0, ended.output
    repository.write("tools/module.py", wrong)
    ended = repository.nox("-R", "-s", "lint")
    assert ended.code == 1
    assert "tools/module.py:1" in ended.output


def test_tests_run_against_the_installed_project_and_take_words(repository: Repository) -> None:
    repository.noxfile()
    repository.write("pyproject.toml", FLAT + PYPROJECT)
    repository.write("backend.py", BACKEND)
    repository.write("source/acme_widgets.py", "ANSWER = 42\n")
    repository.write("tests/test_widgets.py", TESTS)
    ended = repository.nox("-s", "tests", "--", "-k", "answer")
    assert ended.code == 0, ended.output
    assert "1 passed, 1 deselected" in ended.stdout
    ended = repository.nox("-R", "-s", "tests")
    assert ended.code == 1
    assert "1 failed, 1 passed" in ended.stdout


def test_tests_that_find_nothing_fail(repository: Repository) -> None:
    repository.noxfile()
    repository.write("pyproject.toml", FLAT + PYPROJECT)
    repository.write("backend.py", BACKEND)
    repository.write("source/acme_widgets.py", "ANSWER = 42\n")
    ended = repository.nox("-s", "tests")
    assert ended.code == 1
    assert "no tests ran" in ended.stdout


def test_typecheck_blocks_wrong_types_in_src(repository: Repository) -> None:
    repository.noxfile()
    repository.write("pyproject.toml", FLAT + PYPROJECT)
    repository.write("backend.py", BACKEND)
    repository.write("source/acme_widgets.py", "ANSWER = 42\n")
    repository.write("src/acme_widgets.py", "ANSWER: str = 42\n")
    ended = repository.nox("-s", "typecheck")
    assert ended.code == 1
    assert "Incompatible types in assignment" in ended.stdout
    repository.write("src/acme_widgets.py", "ANSWER: int = 42\n")
    ended = repository.nox("-R", "-s", "typecheck")
    assert ended.code == 0, ended.output
