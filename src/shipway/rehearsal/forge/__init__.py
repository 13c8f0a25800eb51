"""The embedded forge: GitHub-shaped REST over real bare repositories, and git over HTTP."""
