"""Adoption: what brings Shipway into a repository, and keeps it fit there."""
