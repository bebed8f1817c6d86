"""Who may pass a gate without its answers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A setting of the workspace."""

    dependencies = [
        ("users", "0005_open"),
    ]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="overrides",
            field=models.CharField(
                choices=[("managers", "Owners and managers"), ("sellers", "Everybody who sells")],
                db_default="managers",
                default="managers",
                max_length=8,
                verbose_name="who may pass a gate without its answers",
            ),
        ),
    ]
