"""Settings of the property tests: no time limit for one example, since machines that run tests are busy."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("busy", deadline=None)
settings.load_profile("busy")
