"""The crash sweep: a release is killed at each of its boundary events, run again, and held against what must be."""
