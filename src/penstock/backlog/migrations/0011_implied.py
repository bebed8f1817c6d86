"""The workspace of rows that are written by the thousand follows from their keys."""

from __future__ import annotations

from django.db import migrations

from penstock.users.walls import Implied


class Migration(migrations.Migration):
    """One look less at the workspace for each of these rows."""

    dependencies = [("backlog", "0010_order_of_work")]

    operations = [Implied("Order", "Line", "Entry", "WorkItem")]
