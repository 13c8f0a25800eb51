"""Pure words of a release: version, plan, distributions, states, journal, outcomes."""
