"""Teams and events are told apart by a comparable form of their name; a recording remembers what a person settled."""

from django.db import migrations, models

from apps.demos.parsing.naming import key


def _fill_keys(apps, schema_editor):
    for model in ("Team", "Event"):
        seen = {}
        for row in apps.get_model("demos", model).objects.order_by("pk"):
            first = seen.setdefault(key(row.name), row)
            if first is not row:  # the same by another spelling
                if model == "Team":
                    row.appearances.update(team=first)
                else:
                    row.demos.update(event=first)
                row.delete()
                continue
            row.key = key(row.name)
            row.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [("demos", "0004_uploads_by_any_way")]

    operations = [
        migrations.AddField("demo", "typed", models.JSONField(blank=True, default=list)),
        migrations.AddField("team", "key", models.CharField(default="", max_length=150), preserve_default=False),
        migrations.AddField("event", "key", models.CharField(default="", max_length=150), preserve_default=False),
        migrations.RunPython(_fill_keys, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("team", "key", models.CharField(max_length=150, unique=True)),
        migrations.AlterField("event", "key", models.CharField(max_length=150, unique=True)),
        migrations.AlterField("team", "name", models.CharField(max_length=150)),
        migrations.AlterField("event", "name", models.CharField(max_length=150)),
    ]
