"""The environment door: reads variables, keeps tokens, scrubs them from children and from text."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

SECRET_NAME = re.compile(r"(TOKEN|PASSWORD|PASSWD|SECRET|CREDENTIAL|API_?KEY|PRIVATE_?KEY|EXTRAHEADER)", re.IGNORECASE)
"""Variables with such a name hold secrets: children do not get them and text is searched for their values."""

URL_CREDENTIALS = re.compile(r"(?<=://)[^/\s:@]+(?::[^/\s@]*)?@")
AUTHORIZATION = re.compile(r"(?i)(authorization:\s*)(\w+\s+)?\S+")
HOME = Path(__file__).resolve().parents[2]
"""The folder that this copy of Shipway is imported from."""
MASKED = "***"
SHORTEST_SECRET = 4


@dataclass(frozen=True)
class Environment:
    """The variables of this run, with what is secret kept from everything printed or started."""

    variables: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

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

    def scrubbed(self, *keep: str, **extra: str) -> dict[str, str]:
        """Give the variables for a child process: none that holds a secret, but those named in ``keep``.

        The path by which we were found ourselves is not for others either: they would import our copy.
        """
        child = {k: v for k, v in self.variables.items() if (v and k in keep) or not SECRET_NAME.search(k)}
        paths = [path for path in child.pop("PYTHONPATH", "").split(os.pathsep) if path and Path(path) != HOME]
        return child | ({"PYTHONPATH": os.pathsep.join(paths)} if paths else {}) | extra

    def secrets(self) -> list[str]:
        """Give every secret value of the environment, longest first, so that no rest of one stays visible."""
        found = {v for k, v in self.variables.items() if SECRET_NAME.search(k) and len(v) >= SHORTEST_SECRET}
        return sorted(found | {quote(value, safe="") for value in found}, key=len, reverse=True)

    def redact(self, text: str) -> str:
        """Mask secrets, credentials in URLs and authorization headers in a text that someone may read."""
        for secret in self.secrets():
            text = text.replace(secret, MASKED)
        return AUTHORIZATION.sub(rf"\1{MASKED}", URL_CREDENTIALS.sub(f"{MASKED}@", text))
