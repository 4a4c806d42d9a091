import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('demos', '0003_team_start_score'),
    ]

    operations = [
        migrations.AlterField(
            model_name='upload',
            name='user',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='upload',
            name='source',
            field=models.CharField(choices=[('upload', 'Upload'), ('api', 'API'), ('command', 'Command line'), ('folder', 'Watched folder'), ('sample', 'Sample match')], default='upload', max_length=10),
        ),
        migrations.AddField(
            model_name='upload',
            name='keep_raw',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='upload',
            name='job',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uploads', to='core.job'),
        ),
        migrations.CreateModel(
            name='WatchedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('path', models.TextField()),
                ('size', models.PositiveBigIntegerField()),
                ('changed_ns', models.BigIntegerField()),
                ('at', models.DateTimeField(auto_now=True)),
                ('upload', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='demos.upload')),
            ],
            options={
                'ordering': ['path'],
            },
        ),
    ]
