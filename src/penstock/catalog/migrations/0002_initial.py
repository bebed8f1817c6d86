import django.db.models.deletion
from django.db import migrations, models

import penstock.users.walls


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("users", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="price",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.workspace",
            ),
        ),
        migrations.AddField(
            model_name="price",
            name="product",
            field=penstock.users.walls.WorkspaceKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="prices",
                to="catalog.product",
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["workspace", "sort_key"], name="catalog_product_by_name"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["workspace", "match_key"], name="catalog_product_by_match"),
        ),
        migrations.AddIndex(
            model_name="price",
            index=models.Index(
                fields=["workspace", "product", "currency", "-valid_from"],
                name="catalog_price_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="catalog_price_not_negative"
            ),
        ),
    ]
