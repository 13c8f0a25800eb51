"""Where a project's version comes from: one small module a kind."""
