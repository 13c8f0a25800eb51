"""The one clock: what time it is, and waiting."""

from __future__ import annotations

import time
from datetime import datetime, timezone


class Clock:
    """Wall time, a monotonic counter, and sleep."""

    def now(self) -> datetime:
        """Give the present moment in UTC, to the second."""
        return datetime.now(timezone.utc).replace(microsecond=0)

    def monotonic(self) -> float:
        """Give seconds from an arbitrary start that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
