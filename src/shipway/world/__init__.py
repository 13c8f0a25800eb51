"""The doors to everything outside: processes, HTTP, git, the index, the forge, the environment, the clock."""
