# /// script
# dependencies = [
#     "nox>=2026.8.10",
#     "invoke>=2.2.1",
#     "packaging>=25",
#     "tomlkit>=0.13.3",
#     "tomli>=2; python_version < '3.11'",
#     "twine>=6.2",
#     "build>=1.4",
#     "towncrier>=25.8",
#     "uv>=0.9; platform_machine == 'x86_64' or platform_machine == 'AMD64' or platform_machine == 'aarch64' or platform_machine == 'arm64'",  # noqa: E501
#     "rich>=14",
#     "requests>=2.32",
#     "urllib3>=2.2",
#     "filelock>=3.16",
# ]
# ///
"""Shipway's own sessions, run from its source: a bare ``nox`` is enough, the block above brings the rest."""

import sys
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent / "src"))

import shipway

nox.needs_version = ">=2026.8.10"
nox.options.default_venv_backend = "uv|virtualenv"

shipway.register()

if __name__ == "__main__":
    nox.main()
