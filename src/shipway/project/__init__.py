"""The repository being released: configuration, detection, version sources, lock files."""
