"""Vendoring: a copy of the package in a repository, and the manifest that it is held against."""
