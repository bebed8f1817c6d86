from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("flow", "0003_walls"),
        ("users", "0002_walls"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("outcome", ""), ("withdrawn_at", None)),
                fields=["workspace", "kind", "stage"],
                include=("id", "owner", "parked_until"),
                name="flow_item_open",
            ),
        ),
    ]
