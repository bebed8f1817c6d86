"""Live updates: what changes in a workspace is told to its open pages as server-sent events."""
