"""What all tests share: Ctrl-C reaches what they start, also where the run itself was started in the background."""

from __future__ import annotations

import signal

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a shell hands that on to everything it runs with ``&``
    signal.signal(signal.SIGINT, signal.default_int_handler)
