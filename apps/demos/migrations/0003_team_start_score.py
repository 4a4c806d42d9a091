from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("demos", "0002_rounds_teams_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="demoteam",
            name="start_score",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
