"""What scores are learnt from: counts of ended deals, written by triggers; and the scores of many deals at once."""

import django.core.validators
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# What an ended deal counts for, if it began within what is learnt from. A deal that is open gives no rows.
COUNTS = """
CREATE FUNCTION deal_counts(
    deal bigint, status text, team bigint, created timestamptz, stage bigint, state text, country text,
    phone_quality text, email_quality text, source bigint, language text
)
RETURNS TABLE (of_team bigint, variable text, value text, won integer, lost integer) LANGUAGE sql STABLE AS $$
    SELECT COALESCE(team, 0), trait.variable, trait.value, (status = 'won')::integer, (status = 'lost')::integer
    FROM (
        VALUES ('stage', stage::text), ('state', state), ('country', country), ('phone_quality', phone_quality),
            ('email_quality', email_quality), ('source', source::text), ('language', language)
        UNION ALL
        SELECT 'tags', link.tag_id::text FROM pipeline_dealtag link WHERE link.deal_id = deal
    ) trait (variable, value)
    WHERE status <> 'open' AND trait.value <> '' AND created >= (
        SELECT scoring_start::timestamp AT TIME ZONE 'UTC' FROM pipeline_pipelinesettings
    )
$$;
"""

# New writers of lines wait for the lock, and a statement of this function sees what those before it have committed.
RECOUNT = """
CREATE FUNCTION deals_recount() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE pipeline_scorecount IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM pipeline_scorecount;
    INSERT INTO pipeline_scorecount (team, variable, value, won, lost)
    SELECT one.of_team, one.variable, one.value, sum(one.won), sum(one.lost)
    FROM pipeline_deal deal, LATERAL deal_counts(
        deal.id, deal.status, deal.team_id, deal.created_at, deal.stage_id, deal.state, deal.country,
        deal.phone_quality, deal.email_quality, deal.source_id, deal.language
    ) one
    WHERE deal.status <> 'open' GROUP BY one.of_team, one.variable, one.value;
END $$;

CREATE FUNCTION settings_recount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM deals_recount();
    RETURN NULL;
END $$;
CREATE TRIGGER settings_recount AFTER INSERT OR DELETE ON pipeline_pipelinesettings
FOR EACH ROW EXECUTE FUNCTION settings_recount();
CREATE TRIGGER settings_recount_update AFTER UPDATE ON pipeline_pipelinesettings
FOR EACH ROW WHEN (OLD.scoring_start <> NEW.scoring_start) EXECUTE FUNCTION settings_recount();
"""

# Many rows at once make one line of each kind. Updates go row by row, and only rows that count: the rows of a
# statement are set aside for its trigger before this can say that none is of interest, and most moves are of open ones.
COUNTING = """
CREATE FUNCTION deals_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO pipeline_scorecount (team, variable, value, won, lost)
    SELECT one.of_team, one.variable, one.value,
        sum(CASE TG_OP WHEN 'DELETE' THEN -one.won ELSE one.won END),
        sum(CASE TG_OP WHEN 'DELETE' THEN -one.lost ELSE one.lost END)
    FROM written, LATERAL deal_counts(
        written.id, written.status, written.team_id, written.created_at, written.stage_id, written.state, written.country,
        written.phone_quality, written.email_quality, written.source_id, written.language
    ) one
    WHERE written.status <> 'open' GROUP BY one.of_team, one.variable, one.value;
    RETURN NULL;
END $$;
CREATE TRIGGER deals_counted_insert AFTER INSERT ON pipeline_deal REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION deals_counted();
CREATE TRIGGER deals_counted_delete AFTER DELETE ON pipeline_deal REFERENCING OLD TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION deals_counted();

CREATE FUNCTION deal_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO pipeline_scorecount (team, variable, value, won, lost)
    SELECT team, variable, value, sum(one_won), sum(one_lost) FROM (
        SELECT of_team, variable, value, won, lost FROM deal_counts(
        NEW.id, NEW.status, NEW.team_id, NEW.created_at, NEW.stage_id, NEW.state, NEW.country,
        NEW.phone_quality, NEW.email_quality, NEW.source_id, NEW.language)
        UNION ALL SELECT of_team, variable, value, -won, -lost FROM deal_counts(
        OLD.id, OLD.status, OLD.team_id, OLD.created_at, OLD.stage_id, OLD.state, OLD.country,
        OLD.phone_quality, OLD.email_quality, OLD.source_id, OLD.language)
    ) one (team, variable, value, one_won, one_lost)
    GROUP BY team, variable, value HAVING sum(one_won) <> 0 OR sum(one_lost) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER deal_counted AFTER UPDATE ON pipeline_deal FOR EACH ROW
WHEN ((OLD.status <> 'open' OR NEW.status <> 'open') AND
    (OLD.status, OLD.team_id, OLD.stage_id, OLD.created_at, OLD.state, OLD.country, OLD.phone_quality,
        OLD.email_quality, OLD.source_id, OLD.language)
    IS DISTINCT FROM
    (NEW.status, NEW.team_id, NEW.stage_id, NEW.created_at, NEW.state, NEW.country, NEW.phone_quality,
        NEW.email_quality, NEW.source_id, NEW.language))
EXECUTE FUNCTION deal_counted();
"""

# A tag put on while another person ends the deal: one of the two waits for the other at the deal's row, and sees it.
# Open deals are scored anew here, because links are written after the deal, one by one, and by many ways.
TAGGING = """
CREATE FUNCTION count_links(deals bigint[], tags bigint[], sign integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM pipeline_deal WHERE id = ANY(deals) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO pipeline_scorecount (team, variable, value, won, lost)
    SELECT COALESCE(deal.team_id, 0), 'tags', link.tag::text,
        sign * count(*) FILTER (WHERE deal.status = 'won'), sign * count(*) FILTER (WHERE deal.status = 'lost')
    FROM unnest(deals, tags) AS link (deal, tag)
    JOIN pipeline_deal deal ON deal.id = link.deal AND deal.status <> 'open' AND deal.created_at >= (
        SELECT scoring_start::timestamp AT TIME ZONE 'UTC' FROM pipeline_pipelinesettings
    )
    GROUP BY 1, 2, 3;
    IF (SELECT 'tags' = ANY(scoring_variables) FROM pipeline_pipelinesettings) THEN
        PERFORM deals_rescore(deals);
    END IF;
END $$;

CREATE FUNCTION deal_tags_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_links(array_agg(deal_id), array_agg(tag_id), CASE TG_OP WHEN 'DELETE' THEN -1 ELSE 1 END)
    FROM written HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER deal_tags_counted_insert AFTER INSERT ON pipeline_dealtag REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION deal_tags_counted();
CREATE TRIGGER deal_tags_counted_delete AFTER DELETE ON pipeline_dealtag REFERENCING OLD TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION deal_tags_counted();

CREATE FUNCTION deal_tag_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_links(ARRAY[OLD.deal_id], ARRAY[OLD.tag_id], -1);
    PERFORM count_links(ARRAY[NEW.deal_id], ARRAY[NEW.tag_id], 1);
    RETURN NULL;
END $$;
CREATE TRIGGER deal_tag_counted AFTER UPDATE ON pipeline_dealtag FOR EACH ROW
WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION deal_tag_counted();
"""

# What `pipeline.scoring` says of one deal, of as many as wanted; without keys, of all that are open.
SCORES = """
CREATE FUNCTION deal_scores(wanted bigint[] DEFAULT NULL)
RETURNS TABLE (deal bigint, score numeric) LANGUAGE sql STABLE AS $$
WITH setting AS (
    SELECT scoring_variables AS variables, GREATEST(scoring_minimum, 1) AS needed FROM pipeline_pipelinesettings
), line AS (
    SELECT team, variable, value, sum(won) AS won, sum(lost) AS lost FROM pipeline_scorecount, setting
    WHERE variable = 'stage' OR variable = ANY(setting.variables)
    GROUP BY team, variable, value HAVING sum(won) <> 0 OR sum(lost) <> 0
), base AS (
    SELECT team, sum(won) AS won, sum(lost) AS lost FROM line WHERE variable = 'stage'
    GROUP BY team HAVING sum(won) <> 0 OR sum(lost) <> 0
), ladder AS (
    SELECT base.team, stage.id::text AS value, base.won,
        COALESCE(sum(line.lost) FILTER (WHERE died.position >= stage.position), 0) AS lost
    FROM base CROSS JOIN pipeline_stage stage
    LEFT JOIN line ON line.team = base.team AND line.variable = 'stage'
    LEFT JOIN pipeline_stage died ON died.id::text = line.value
    GROUP BY base.team, stage.id, base.won
), tally AS (
    SELECT team, 'stage' AS variable, value, won, lost FROM ladder WHERE won <> 0 OR lost <> 0
    UNION ALL SELECT line.team, variable, value, line.won, line.lost FROM line JOIN base USING (team)
    WHERE variable <> 'stage'
), own AS (
    SELECT team FROM base, setting WHERE team <> 0 AND won + lost >= setting.needed
), everybody AS (
    SELECT 0 AS team FROM base, setting GROUP BY setting.needed HAVING sum(won + lost) >= setting.needed
), prior AS (
    SELECT team, (won + 0.1)::float8 AS won, (lost + 0.1)::float8 AS lost FROM base WHERE team IN (SELECT team FROM own)
    UNION ALL SELECT everybody.team, sum(won + 0.1)::float8, sum(lost + 0.1)::float8 FROM base, everybody
    GROUP BY everybody.team
), cell AS (
    SELECT team, variable, value, (won + 0.1)::float8 AS won, (lost + 0.1)::float8 AS lost, won + lost AS ended
    FROM tally WHERE team IN (SELECT team FROM own)
    UNION ALL SELECT everybody.team, variable, value, sum(won + 0.1)::float8, sum(lost + 0.1)::float8, sum(won + lost)
    FROM tally, everybody GROUP BY everybody.team, variable, value
), kept AS (
    SELECT * FROM cell WHERE variable <> 'tags' OR ended >= 50
), whole AS (
    SELECT team, 'stage' AS variable, won, lost FROM prior
    UNION ALL SELECT team, variable, sum(won), sum(lost) FROM kept WHERE variable <> 'stage' GROUP BY team, variable
), weight AS MATERIALIZED (
    SELECT team, variable, value, ln(kept.won / whole.won) - ln(kept.lost / whole.lost) AS odds
    FROM kept JOIN whole USING (team, variable)
), scored AS (
    SELECT deal.id, deal.team_id, deal.stage_id, prior.team AS by_team, ln(prior.won / prior.lost) AS odds,
        deal.state, deal.country, deal.phone_quality, deal.email_quality, deal.source_id, deal.language
    FROM pipeline_deal deal
    LEFT JOIN prior ON prior.team = CASE WHEN deal.team_id IN (SELECT team FROM own) THEN deal.team_id ELSE 0 END
    WHERE deal.status = 'open' AND (wanted IS NULL OR deal.id = ANY(wanted))
), tagged AS (
    SELECT scored.id, sum(weight.odds) AS odds FROM scored JOIN pipeline_dealtag link ON link.deal_id = scored.id
    JOIN weight ON weight.team = scored.by_team AND weight.variable = 'tags' AND weight.value = link.tag_id::text
    GROUP BY scored.id
), place AS (
    SELECT here.team_id, here.stage_id, count(*) AS steps, count(*) FILTER (
        WHERE (step.position, step.id) <= (stage.position, stage.id)) AS place
    FROM (SELECT DISTINCT team_id, stage_id FROM scored WHERE by_team IS NULL) here
    JOIN pipeline_stage stage ON stage.id = here.stage_id
    JOIN pipeline_stage step ON step.id = stage.id OR (NOT step.is_won AND
        (step.team_id IS NULL OR step.team_id = here.team_id))
    GROUP BY here.team_id, here.stage_id
)
SELECT scored.id, CASE
    WHEN scored.by_team IS NULL THEN round(100.0 * place.place / (place.steps + 1), 2)
    ELSE GREATEST(0.01, LEAST(99.99, round(round((100 / (1 + exp(-GREATEST(-50, LEAST(50, scored.odds
        + COALESCE(s.odds, 0) + COALESCE(r.odds, 0) + COALESCE(c.odds, 0) + COALESCE(p.odds, 0)
        + COALESCE(e.odds, 0) + COALESCE(o.odds, 0) + COALESCE(l.odds, 0) + COALESCE(tagged.odds, 0)
    )))))::numeric, 9), 2))) END
FROM scored
LEFT JOIN weight s ON s.team = by_team AND s.variable = 'stage' AND s.value = scored.stage_id::text
LEFT JOIN weight r ON r.team = by_team AND r.variable = 'state' AND r.value = scored.state
LEFT JOIN weight c ON c.team = by_team AND c.variable = 'country' AND c.value = scored.country
LEFT JOIN weight p ON p.team = by_team AND p.variable = 'phone_quality' AND p.value = scored.phone_quality
LEFT JOIN weight e ON e.team = by_team AND e.variable = 'email_quality' AND e.value = scored.email_quality
LEFT JOIN weight o ON o.team = by_team AND o.variable = 'source' AND o.value = scored.source_id::text
LEFT JOIN weight l ON l.team = by_team AND l.variable = 'language' AND l.value = scored.language
LEFT JOIN tagged ON tagged.id = scored.id
LEFT JOIN place ON place.team_id IS NOT DISTINCT FROM scored.team_id AND place.stage_id = scored.stage_id
$$;

CREATE FUNCTION deals_rescore(wanted bigint[] DEFAULT NULL) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE changed integer;
BEGIN
    UPDATE pipeline_deal deal SET automated_probability = scored.score,
        probability = CASE WHEN deal.probability = deal.automated_probability THEN scored.score
            ELSE deal.probability END
    FROM deal_scores(wanted) scored
    WHERE scored.deal = deal.id AND deal.status = 'open' AND deal.automated_probability <> scored.score;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END $$;
"""

BACK = """
DROP TRIGGER deal_tag_counted ON pipeline_dealtag;
DROP TRIGGER deal_tags_counted_delete ON pipeline_dealtag;
DROP TRIGGER deal_tags_counted_insert ON pipeline_dealtag;
DROP TRIGGER deal_counted ON pipeline_deal;
DROP TRIGGER deals_counted_delete ON pipeline_deal;
DROP TRIGGER deals_counted_insert ON pipeline_deal;
DROP TRIGGER settings_recount ON pipeline_pipelinesettings;
DROP TRIGGER settings_recount_update ON pipeline_pipelinesettings;
DROP FUNCTION deal_tag_counted();
DROP FUNCTION deal_tags_counted();
DROP FUNCTION count_links(bigint[], bigint[], integer);
DROP FUNCTION deal_counted();
DROP FUNCTION deals_counted();
DROP FUNCTION settings_recount();
DROP FUNCTION deals_recount();
DROP FUNCTION deals_rescore(bigint[]);
DROP FUNCTION deal_scores(bigint[]);
DROP FUNCTION deal_counts;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0008_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='ScoreCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('team', models.BigIntegerField(default=0)),
                ('variable', models.CharField(max_length=20)),
                ('value', models.CharField(max_length=80)),
                ('won', models.IntegerField(default=0)),
                ('lost', models.IntegerField(default=0)),
            ],
            options={
                'verbose_name': 'count of ended deals',
                'verbose_name_plural': 'counts of ended deals',
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='pipelinesettings',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='pipelinesettings',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='pipelinesettings',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='deal',
            name='lost_at',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(status='lost', then=models.F('closed_at'))), output_field=models.DateTimeField(null=True, verbose_name='lost on'), verbose_name='lost on'),
        ),
        migrations.AddField(
            model_name='deal',
            name='won_at',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(status='won', then=models.F('closed_at'))), output_field=models.DateTimeField(null=True, verbose_name='won on'), verbose_name='won on'),
        ),
        migrations.AddField(
            model_name='pipelinesettings',
            name='scoring_minimum',
            field=models.PositiveSmallIntegerField(default=30, help_text='A team with fewer is scored by all teams’ deals; a company with fewer by the stage alone.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='ended deals needed'),
        ),
        migrations.AddField(
            model_name='pipelinesettingsevent',
            name='scoring_minimum',
            field=models.PositiveSmallIntegerField(default=30, help_text='A team with fewer is scored by all teams’ deals; a company with fewer by the stage alone.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='ended deals needed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pipelinesettings',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pipeline_pipelinesettingsevent" ("id", "lead_makers", "leads", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scoring_minimum", "scoring_start", "scoring_variables") VALUES (NEW."id", NEW."lead_makers", NEW."leads", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."scoring_minimum", NEW."scoring_start", NEW."scoring_variables"); RETURN NULL;', hash='719b936d303ebc8968e92889354f05cdb53aa4b4', operation='INSERT', pgid='pgtrigger_insert_insert_dca4f', table='pipeline_pipelinesettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pipelinesettings',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "pipeline_pipelinesettingsevent" ("id", "lead_makers", "leads", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scoring_minimum", "scoring_start", "scoring_variables") VALUES (NEW."id", NEW."lead_makers", NEW."leads", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."scoring_minimum", NEW."scoring_start", NEW."scoring_variables"); RETURN NULL;', hash='1cb102893748ea6a8ab28e8b8d9b494f53b6ac44', operation='UPDATE', pgid='pgtrigger_update_update_67a64', table='pipeline_pipelinesettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pipelinesettings',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pipeline_pipelinesettingsevent" ("id", "lead_makers", "leads", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scoring_minimum", "scoring_start", "scoring_variables") VALUES (OLD."id", OLD."lead_makers", OLD."leads", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."scoring_minimum", OLD."scoring_start", OLD."scoring_variables"); RETURN NULL;', hash='c79aff2860634ca125824ea8fb97bc486d91bab3', operation='DELETE', pgid='pgtrigger_delete_delete_661b6', table='pipeline_pipelinesettings', when='AFTER')),
        ),
        migrations.RunSQL(COUNTS + SCORES + RECOUNT + COUNTING + TAGGING + "SELECT deals_recount();", BACK),
    ]
