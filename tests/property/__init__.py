"""What holds for every input: a package, so that files here may be named as those of the unit tests."""
