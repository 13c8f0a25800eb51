"""The environment door: reads variables, keeps tokens, scrubs them from children and from text."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SECRET_NAME = re.compile(r"(TOKEN|PASSWORD|PASSWD|SECRET|CREDENTIAL|API_?KEY|PRIVATE_?KEY|EXTRAHEADER)", re.IGNORECASE)
"""Variables with such a name hold secrets: children do not get them and text is searched for their values."""

GIT_SETTINGS = re.compile(r"GIT_CONFIG_(COUNT|PARAMETERS|(KEY|VALUE)_[0-9]+)")
"""Variables that hand settings to git: a set, of which none means anything alone."""

HOME = Path(__file__).resolve().parents[2]
"""The folder that this copy of Shipway is imported from."""
MASKED = "***"
SHORTEST_SECRET = 4
SHORTEST_LINE = 8
"""Of a secret of several lines, such as a key, each one from this length on is a secret."""


@dataclass(frozen=True)
class Environment:
    """The variables of this run, with what is secret kept from everything printed or started."""

    variables: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    learnt: set[str] = field(default_factory=set, repr=False, compare=False)

    def learn(self, *secrets: str) -> None:
        """Keep these secrets from text too: they were found elsewhere, such as in git's settings."""
        self.learnt.update(secrets)

    def extended(self, **variables: str) -> Environment:
        """Give this environment with more variables; what one of the two learns, both know."""
        return Environment({**self.variables, **variables}, self.learnt)

    def find(self, *names: str) -> str | None:
        """Give the first of these variables that is set and not empty."""
        return next((self.variables[name] for name in names if self.variables.get(name)), None)

    @property
    def is_ci(self) -> bool:
        """Whether a CI system runs us."""
        return (self.find("CI") or "").lower() in {"1", "true", "yes"}

    @property
    def is_github(self) -> bool:
        """Whether GitHub Actions runs us."""
        return self.find("GITHUB_ACTIONS") == "true"

    def ci_run(self) -> tuple[str, str]:
        """Give id and address of the CI run that this is part of; empty on a laptop."""
        names = ("GITHUB_RUN_ID", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY")
        run, server, repository = (self.find(name) or "" for name in names)
        if not (self.is_github and run):
            return "", ""
        return run, f"{server}/{repository}/actions/runs/{run}" if server and repository else ""

    def scrubbed(self, *keep: str, **extra: str) -> dict[str, str]:
        """Give the variables for a child process: none that holds a secret, but those named in ``keep``.

        The path by which we were found ourselves is not for others either: they would import our copy.
        """
        hidden = self._secret_names()
        child = {k: v for k, v in self.variables.items() if (v and k in keep) or k not in hidden}
        paths = [path for path in child.pop("PYTHONPATH", "").split(os.pathsep) if path and Path(path) != HOME]
        return child | ({"PYTHONPATH": os.pathsep.join(paths)} if paths else {}) | extra

    def secrets(self) -> list[str]:
        """Give every secret value of the environment, longest first, so that no rest of one stays visible."""
        from shipway.world.redaction import credentials_in, spellings

        named = [value for name, value in self.variables.items() if SECRET_NAME.search(name)]
        inside = [found for value in self.variables.values() for found in credentials_in(value)]
        values = {value.strip() for value in [*named, *inside, *self.learnt]}
        lines = {line.strip() for value in values for line in value.splitlines() if len(line) >= SHORTEST_LINE}
        found = {form for word in values | lines if len(word) >= SHORTEST_SECRET for form in spellings(word)}
        return sorted(found, key=len, reverse=True)

    @property
    def git_settings(self) -> dict[str, str]:
        """The variables that hand settings to git, which may hold the headers it logs in with."""
        return {name: value for name, value in self.variables.items() if GIT_SETTINGS.fullmatch(name)}

    def _secret_names(self) -> set[str]:
        """Name the variables that hold secrets: by their names, and git's settings where one of them logs in."""
        from shipway.world.redaction import credentials_in

        found = {name for name in self.variables if SECRET_NAME.search(name)}
        settings = self.git_settings
        logs_in = any(True for value in settings.values() for _ in credentials_in(value))
        return found | set(settings if logs_in else ())

    def redact(self, text: str) -> str:
        """Mask secrets, credentials in URLs and authorization headers in a text that someone may read."""
        from shipway.world.redaction import AUTHORIZATION, URL_CREDENTIALS

        for secret in self.secrets():
            text = text.replace(secret, MASKED)
        if "@" in text:
            text = URL_CREDENTIALS.sub(f"{MASKED}@", text)
        return AUTHORIZATION.sub(rf"\1{MASKED}", text) if "authorization:" in text.lower() else text
