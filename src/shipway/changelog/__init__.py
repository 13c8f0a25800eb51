"""Pure functions from fragments and changelog text to notes."""
