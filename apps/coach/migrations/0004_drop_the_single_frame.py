from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("coach", "0003_move_frames")]
    operations = [
        migrations.RemoveField("analysis", "image"),
        migrations.RemoveField("analysis", "width"),
        migrations.RemoveField("analysis", "height"),
    ]
