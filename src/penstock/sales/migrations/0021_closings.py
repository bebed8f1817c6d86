"""How deals were closed, kept for figures over many of them."""

from django.db import migrations, models

# As penstock.sales.closings says it of some deals, here of all.
KEEP = """
    UPDATE sales_deal SET closed_at = said.closed_at, closed_as = said.closed_as, is_retold = said.is_retold
    FROM (
        SELECT item_id,
               CASE WHEN is_plain THEN at END AS closed_at,
               CASE WHEN is_plain THEN verdict ELSE '' END AS closed_as,
               n > 0 AND NOT is_plain AND NOT (n = 1 AND verdict = 'merged') AS is_retold
        FROM (
            SELECT d.item_id, ends.n, ends.at, ends.verdict,
                   ends.n = 1 AND ends.verdict IN ('won', 'lost') AND NOT EXISTS (
                       SELECT 1 FROM flow_fieldchange c
                       WHERE c.workspace_id = d.workspace_id AND c.item_id = d.item_id
                         AND c.field IN ('amount', 'currency') AND c.occurred_at > ends.at) AS is_plain
            FROM sales_deal d CROSS JOIN LATERAL (
                SELECT count(*) AS n, max(o.occurred_at) AS at, max(o.verdict) AS verdict
                FROM flow_outcome o WHERE o.workspace_id = d.workspace_id AND o.item_id = d.item_id) ends
        ) counted
    ) said
    WHERE sales_deal.item_id = said.item_id"""


class Migration(migrations.Migration):
    """Fill in what is kept before it is indexed."""

    dependencies = [
        ("catalog", "0005_calendars"),
        ("contacts", "0006_duplicates_walls"),
        ("flow", "0008_overrides"),
        ("sales", "0020_cost_per_lead"),
        ("users", "0007_late_share"),
    ]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="closed_as",
            field=models.CharField(blank=True, db_default="", max_length=16),
        ),
        migrations.AddField(
            model_name="deal",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="deal",
            name="is_retold",
            field=models.BooleanField(db_default=False),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["workspace", "closed_at"],
                include=("item", "closed_as", "currency", "amount"),
                name="sales_deal_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("is_retold", True)),
                fields=["workspace", "item"],
                name="sales_deal_retold",
            ),
        ),
    ]
