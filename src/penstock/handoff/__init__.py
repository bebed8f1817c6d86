"""Consequences across pipelines, one file each, listed in ``table.py``."""
