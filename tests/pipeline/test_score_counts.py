"""The counts that scores are learnt from: whatever is done and undone, they are what a recount gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from piste.accounts.models import Team, User
from piste.contacts.models import Source, Tag
from piste.core.history import operation
from piste.core.transitions import Refused
from piste.core.undo import undo
from piste.pipeline.models import Deal, DealTag, Opportunity, PipelineSettings, ScoreCount, Stage, Variable
from piste.pipeline.models.deriving import Known
from piste.pipeline.scoring import Seen
from tests import factories
from tests.conftest import NOON, Stages
from tests.core.working import did, edit

ALL = list(Variable.values)
LONG_AGO = date(2020, 1, 1)


def learn(**chosen: Any) -> PipelineSettings:
    """Learn from all deals there will be, from few already."""
    values = {"scoring_start": LONG_AGO, "scoring_variables": ALL, "scoring_minimum": 1} | chosen
    made = PipelineSettings(pk=PipelineSettings.ONLY, **values)
    made.save()
    return made


def counts() -> list[Seen]:
    return ScoreCount.objects.lines(ALL)


def recounted() -> list[Seen]:
    ScoreCount.objects.recount()
    return counts()


def pick(model: Any, number: int) -> Any:
    rows = list(model.objects.order_by("pk"))
    if not rows:
        raise Refused
    return rows[number % len(rows)]


def create(a: int, b: int) -> None:
    made = factories.deal(
        f"Deal {a}",
        owner=pick(User, a),
        source=pick(Source, b),
        country=("FR", "")[a % 2],
        email=("", "a@b.fr")[b % 2],
    )
    made.tags.set([pick(Tag, b)])


def bring_in(a: int, b: int) -> None:
    """Ended deals as an import writes them: many in one statement."""
    stage = Stage.objects.get(is_won=True) if a % 2 else Stage.objects.filter(is_won=False)[b % 2]
    made = [
        Opportunity(
            name=f"Old {n}", stage=stage, status="won" if a % 2 else "lost", closed_at=NOON, team=pick(Team, n),
            created_at=datetime(2019 + n % 3, 5, 1, tzinfo=UTC), stage_changed_at=NOON, probability=a % 2 * 100,
            language=("fr", "en")[n % 2],
        )
        for n in range(b % 5)
    ]  # fmt: skip
    Opportunity.objects.bulk_create(made)
    DealTag.objects.bulk_create(DealTag(deal=one, tag=pick(Tag, a)) for one in made)


def change(a: int, b: int) -> None:
    edit(
        pick(Deal, a),
        team=pick(Team, b),
        state=f"State {b % 2}",
        phone=("", "0261914012", "1")[b % 3],
        email="x@y.fr",
    )


ACTS: list[Callable[[int, int], object]] = [
    create,
    bring_in,
    change,
    lambda a, _b: pick(Deal, a).win(by=pick(User, 0), at=NOON),
    lambda a, _b: pick(Deal, a).lose(by=pick(User, 0), at=NOON),
    lambda a, _b: pick(Deal, a).reopen(by=pick(User, 0), at=NOON),
    lambda a, b: pick(Deal, a).move_to(pick(Stage, b), by=pick(User, 0), at=NOON),
    lambda a, b: pick(Deal, a).tags.set([pick(Tag, b), pick(Tag, b + 1)]),
    lambda a, _b: pick(Deal, a).delete(),
    lambda a, _b: pick(Tag, a).delete(),
    lambda a, _b: pick(Team, a).delete(),
    lambda a, _b: pick(Source, a).delete(),
    lambda a, b: Deal.objects.filter(status="lost").update(stage=Stage.objects.filter(is_won=False)[b % 2]),
    lambda a, b: Deal.objects.update(country=("FR", "DE", "")[b % 3]),
    lambda a, b: Deal.objects.exclude(status="open").filter(pk__gt=pick(Deal, a).pk).delete(),
    lambda a, b: (
        DealTag.objects.filter(tag=pick(Tag, a)).exclude(deal__tags=pick(Tag, b)).update(tag=pick(Tag, b))
    ),
    lambda a, b: edit(PipelineSettings.get(), scoring_start=date(2019 + b % 3, 5, 1 + a)),
    lambda a, b: ScoreCount.objects.fold(),
]

numbers = st.integers(0, 20)
acts = st.tuples(st.sampled_from(ACTS), numbers, numbers)
work = st.lists(st.lists(acts, min_size=1, max_size=4), min_size=2, max_size=7)


def try_all(steps: Sequence[tuple[Callable[[int, int], object], int, int]]) -> None:
    for act, a, b in steps:
        try:
            with transaction.atomic():
                act(a, b)
        except (Refused, IntegrityError, models.ProtectedError):
            continue


def company() -> User:
    learn()
    factories.stage("New")
    factories.stage("Qualified")
    factories.stage("Won", is_won=True)
    user = factories.user("Anna", team=factories.team("North"))
    factories.user("Cora", team=factories.team("South"))
    for name in ("a", "b", "c"):
        factories.tag(name)
        factories.source(name)
    for n in range(4):
        create(n, n + 1)
    return user


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(work=work, data=st.data())
def test_are_right_after_any_history(work: Any, data: st.DataObject) -> None:
    with transaction.atomic():
        user = company()
        operations = []
        for steps in work:
            operations.append(did(user, partial(try_all, steps)))
            if data.draw(st.booleans(), label="undo one"):
                entry = data.draw(st.sampled_from(operations), label="which")
                try:
                    operations.append(undo(entry, by=user, at=NOON, rest=True))
                except Refused:
                    continue
        assert counts() == recounted()
        transaction.set_rollback(True)


def test_take_in_a_win_at_once(anna: User, stages: Stages) -> None:
    learn()
    won = factories.deal(owner=anna, email="a@b.fr")

    won.win(by=anna, at=NOON)

    assert Seen(won.team_id or 0, "email_quality", "correct", 1, 0) in counts()


def test_leave_out_what_began_before_the_start(anna: User, stages: Stages) -> None:
    learn(scoring_start=date(2026, 1, 1))

    factories.deal(owner=anna, created_at=datetime(2025, 12, 31, 23, tzinfo=UTC)).win(by=anna, at=NOON)

    assert counts() == []


def test_follow_the_start_when_it_moves_and_when_that_is_undone(anna: User, stages: Stages) -> None:
    changed = learn(scoring_start=date(2026, 1, 1))
    factories.deal(owner=anna, created_at=datetime(2025, 12, 31, tzinfo=UTC)).win(by=anna, at=NOON)

    moved = did(anna, lambda: edit(changed, scoring_start=LONG_AGO))
    after = counts()
    undo(moved, by=anna, at=NOON)

    assert after
    assert counts() == []


def test_follow_a_tag_that_becomes_another(anna: User, stages: Stages) -> None:
    learn()
    old, new = factories.tag(), factories.tag()
    won = factories.deal(owner=anna)
    won.tags.add(old)
    won.win(by=anna, at=NOON)

    DealTag.objects.update(tag=new)

    tags = [(line.value, line.won) for line in counts() if line.variable == "tags"]
    assert tags == [(str(new.pk), 1)]


def test_make_few_lines_of_many_rows(anna: User, stages: Stages) -> None:
    learn()
    rows = [
        Opportunity(
            name="Old", stage=stages.won, status="won", closed_at=NOON, stage_changed_at=NOON, probability=100
        )
        for _ in range(200)
    ]

    Opportunity.objects.bulk_create(rows)

    # The stage, and the quality of e-mail and phone, which are known to be empty.
    assert ScoreCount.objects.count() == 3


def test_say_the_same_once_folded(anna: User, stages: Stages) -> None:
    learn()
    for _ in range(3):
        factories.deal(owner=anna).win(by=anna, at=NOON)
    before, lines = counts(), ScoreCount.objects.count()

    ScoreCount.objects.fold()

    assert counts() == before
    assert ScoreCount.objects.count() == lines / 3


@pytest.mark.django_db(transaction=True)
def test_lose_nothing_when_many_win_tag_fold_and_recount_at_once(anna: User, stages: Stages) -> None:
    learn()
    label = factories.tag()
    deals = [factories.deal(f"Deal {n}", owner=anna) for n in range(6)]
    together = Barrier(8)

    def run(number: int) -> None:
        try:
            together.wait(timeout=10)
            with transaction.atomic(), operation("opportunity.test", by=anna):
                if number == 6:
                    ScoreCount.objects.fold()
                elif number == 7:
                    ScoreCount.objects.recount()
                else:
                    # Two at a time, in opposite orders: one ends the deal, the other tags it.
                    for pk in [one.pk for one in deals][:: 1 if number % 2 else -1][:2]:
                        if number < 3:
                            found = Opportunity.objects.select_for_update().get(pk=pk)
                            found.win(by=anna, at=NOON) if found.status == "open" else None
                        else:
                            DealTag.objects.bulk_create(
                                [DealTag(deal_id=pk, tag=label)], ignore_conflicts=True
                            )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        ended = [pool.submit(run, number) for number in range(8)]
    refused = [one.exception() for one in ended if one.exception() is not None]

    # Deals taken in opposite orders may block each other, as ever; the counts are right all the same.
    assert all("deadlock" in str(error) for error in refused)
    assert counts() == recounted()


def test_agree_in_the_database_and_in_python(anna: User, cora: User, stages: Stages) -> None:
    learn()
    labels, sources = [factories.tag(), factories.tag()], [factories.source(), factories.source()]
    kinds = ("", "x@y.fr", "nonsense")
    for n in range(140):
        made = factories.deal(
            f"Deal {n}", owner=(anna, cora, None)[n % 3], source=sources[n % 5 // 3], country=("FR", "DE", "")[n % 7 % 3],
            email=kinds[n % 11 % 3], phone=("", "0261914012")[n % 2], language=("fr", "en", "")[n % 3],
            stage=(stages.new, stages.qualified, stages.proposition)[n * n % 3],
        )  # fmt: skip
        made.tags.set([labels[n % 13 // 7]])
        if n % 4 == 1 or n % 9 == 2:
            made.win(by=anna, at=NOON)
        elif n % 4:
            made.lose(by=anna, at=NOON)
    Opportunity.objects.open().filter(pk__lt=40).update(probability=Decimal(33))

    ScoreCount.objects.rescore()

    for chosen in (ALL, [], ["source", "tags"]):
        edit(PipelineSettings.get(), scoring_variables=chosen)
        ScoreCount.objects.rescore()
        known, found, expected = Known(), [], []
        for one in Opportunity.objects.open():
            learnt = one.score(known)
            assert learnt is not None
            found.append(one.automated_probability)
            expected.append(learnt.probability)
        assert found == expected
        assert len(set(found)) > 2


def test_agree_where_too_little_is_known(anna: User, cora: User, stages: Stages) -> None:
    learn(scoring_minimum=30)
    factories.stage("Visite", position=25, team=cora.teams.get())
    made = [
        factories.deal(owner=who, stage=step)
        for who in (anna, cora, None)
        for step in (stages.new, stages.proposition)
    ]
    before = [one.automated_probability for one in made]
    Deal.objects.update(automated_probability=1, probability=1)

    ScoreCount.objects.rescore()

    assert [Deal.objects.get(pk=one.pk).probability for one in made] == before


def test_move_automatic_probabilities_only(anna: User, stages: Stages) -> None:
    learn()
    typed, automatic = factories.deal(owner=anna, probability=60), factories.deal(owner=anna)
    factories.deal(owner=anna).win(by=anna, at=NOON)

    with transaction.atomic(), operation("score.rescore", by=anna) as done:
        assert ScoreCount.objects.rescore() == 2
    typed.refresh_from_db()
    automatic.refresh_from_db()
    assert (typed.probability, typed.is_automatic) == (60, False)
    assert automatic.is_automatic
    assert automatic.probability > 90

    undo(done, by=anna, at=NOON + timedelta(days=1))
    automatic.refresh_from_db()
    assert automatic.probability == 25
