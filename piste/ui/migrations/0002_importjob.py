"""Imports on their way."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_cache'),
        ('ui', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('screen', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=200, verbose_name='file')),
                ('file', models.CharField(max_length=40)),
                ('plan', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('draft', 'being prepared'), ('checking', 'being checked'), ('checked', 'checked'), ('running', 'running'), ('done', 'done'), ('failed', 'failed')], default='draft', max_length=8, verbose_name='state')),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('created', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('added', models.JSONField(default=dict)),
                ('problems', models.JSONField(default=list)),
                ('unknown', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
                ('began_at', models.DateTimeField(auto_now_add=True, verbose_name='begun')),
                ('ended_at', models.DateTimeField(null=True)),
                ('operation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.operation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
            },
        ),
    ]
