from django.db import migrations, models


class Migration(migrations.Migration):
    """The bell rings for leads that came in, and for those that nobody answered."""

    dependencies = [
        ("notices", "0004_proposal_notices"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("given", "Given to you"),
                    ("soon", "Due soon"),
                    ("viewed", "Proposal viewed"),
                    ("commented", "Comment on the proposal"),
                    ("accepted", "Proposal accepted"),
                    ("declined", "Proposal declined"),
                    ("expiring", "Proposal about to expire"),
                    ("lead", "New lead"),
                    ("unanswered", "Lead not answered"),
                ],
                max_length=16,
            ),
        ),
    ]
