"""The commands: each one's body, called by ``python -m shipway`` and so by both fronts."""
