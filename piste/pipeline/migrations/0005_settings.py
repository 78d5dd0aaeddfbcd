"""What a company decides about its pipeline; a company that is here already learns from its beginning."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import piste.pipeline.models.settings
from django.db import migrations, models


# The day of installation is that of the first operation.
EXISTING = """
INSERT INTO pipeline_pipelinesettings (id, scoring_variables, scoring_start)
SELECT 1, ARRAY['phone_quality', 'email_quality'],
    COALESCE((SELECT min(at) FROM core_operation), now())::date - 8
FROM accounts_company
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('core', '0003_cache'),
        ('pipeline', '0004_history_of_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='PipelineSettingsEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('scoring_variables', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('state', 'State or region'), ('country', 'Country'), ('phone_quality', 'Phone quality'), ('email_quality', 'E-mail quality'), ('source', 'Source'), ('language', 'Language'), ('tags', 'Tags')], max_length=20), blank=True, default=piste.pipeline.models.settings.usual_variables, help_text='The stage and the team always count.', size=None, verbose_name='variables')),
                ('scoring_start', models.DateField(default=piste.pipeline.models.settings.usual_start, help_text='Older deals are scored, but nothing is learnt from them.', verbose_name='learn from deals created since')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PipelineSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scoring_variables', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('state', 'State or region'), ('country', 'Country'), ('phone_quality', 'Phone quality'), ('email_quality', 'E-mail quality'), ('source', 'Source'), ('language', 'Language'), ('tags', 'Tags')], max_length=20), blank=True, default=piste.pipeline.models.settings.usual_variables, help_text='The stage and the team always count.', size=None, verbose_name='variables')),
                ('scoring_start', models.DateField(default=piste.pipeline.models.settings.usual_start, help_text='Older deals are scored, but nothing is learnt from them.', verbose_name='learn from deals created since')),
            ],
            options={
                'verbose_name': 'pipeline settings',
                'verbose_name_plural': 'pipeline settings',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_pipelinesettings')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pipelinesettings',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pipeline_pipelinesettingsevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scoring_start", "scoring_variables") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."scoring_start", NEW."scoring_variables"); RETURN NULL;', hash='1b9be57a2979c67e2db6ffc5efd236fc8d9846d9', operation='INSERT', pgid='pgtrigger_insert_insert_dca4f', table='pipeline_pipelinesettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pipelinesettings',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pipeline_pipelinesettingsevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scoring_start", "scoring_variables") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."scoring_start", NEW."scoring_variables"); RETURN NULL;', hash='e8ba8ffb6de1c93920880ce8d240d6ca93d35fbf', operation='UPDATE', pgid='pgtrigger_update_update_67a64', table='pipeline_pipelinesettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pipelinesettings',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pipeline_pipelinesettingsevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scoring_start", "scoring_variables") VALUES (OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."scoring_start", OLD."scoring_variables"); RETURN NULL;', hash='2b012cf9f31583f02701c34ee0b8558cf9944808', operation='DELETE', pgid='pgtrigger_delete_delete_661b6', table='pipeline_pipelinesettings', when='AFTER')),
        ),
        migrations.AddField(
            model_name='pipelinesettingsevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='pipeline.pipelinesettings'),
        ),
        migrations.AddIndex(
            model_name='pipelinesettingsevent',
            index=models.Index(fields=['pgh_context_id'], name='pipelinesettings_event_op'),
        ),
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
    ]
