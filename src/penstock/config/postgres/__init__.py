"""The embedded PostgreSQL: binaries from a wheel, a life cycle of our own.

``ensure_running()`` is all that the rest of Penstock needs.
"""

from penstock.config.postgres.cluster import Cluster
from penstock.config.postgres.server import default_cluster, ensure_running, rejoin, release

__all__ = ["Cluster", "default_cluster", "ensure_running", "rejoin", "release"]
