"""Penstock: sales pipeline, order backlog and delivery pipeline as one flow."""

__version__ = "0.1.0"
