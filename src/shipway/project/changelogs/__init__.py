"""Where a release's notes come from: one small module a kind of changelog."""
