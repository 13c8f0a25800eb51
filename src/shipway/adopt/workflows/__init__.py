"""The thin workflows: templates, what they are filled with, and the blocks that a repository keeps."""
