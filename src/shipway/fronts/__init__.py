"""The two fronts people and CI call: nox sessions and invoke tasks."""
