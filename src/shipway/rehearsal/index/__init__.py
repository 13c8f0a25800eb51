"""The embedded package index: uploads by the big index's rules, simple pages, trusted publishing."""
