from django.db import migrations


def move(apps, schema_editor):
    """Each question so far had one frame, in its own row."""
    analysis = apps.get_model("coach", "Analysis")
    frame = apps.get_model("coach", "Frame")
    rows = analysis.objects.values_list("pk", "image", "width", "height").iterator(chunk_size=500)
    frame.objects.bulk_create(
        (frame(analysis_id=pk, position=0, image=image, width=width, height=height) for pk, image, width, height in rows),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("coach", "0002_questions_of_several_frames")]
    operations = [migrations.RunPython(move)]
