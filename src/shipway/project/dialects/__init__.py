"""The options of other tools that read commits: each is read where its tool reads them, and becomes a convention."""
