"""A release against an embedded index and forge, with the real tools."""
