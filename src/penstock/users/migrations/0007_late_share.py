from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    """From which share of the won deals a deal is late in its stage."""

    dependencies = [
        ("users", "0006_overrides"),
    ]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="late_share",
            field=models.DecimalField(
                db_default=Decimal("0.85"),
                decimal_places=2,
                default=Decimal("0.85"),
                max_digits=3,
                verbose_name="a deal is late when this share of the won ones had left its stage",
            ),
        ),
    ]
