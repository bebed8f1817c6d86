"""The order backlog: what was accepted and is not yet fulfilled."""
