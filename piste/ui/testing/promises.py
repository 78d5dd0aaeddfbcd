"""What every screen keeps, whoever declared it; tests run each promise over the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.forms import ModelChoiceField
from django.test.utils import CaptureQueriesContext

from piste.core import access
from piste.ui.conditions import builder_field
from piste.ui.forms import scope_choices
from piste.ui.modes import Mode
from piste.ui.paths import resolve
from piste.ui.screen import Action, Screen, screens
from piste.ui.search import PERIODS
from piste.ui.testing.samples import filled, sample
from piste.ui.testing.visiting import Answer, Visitor, asked, dialogs, looks, views_of, writes_to

#: Answers that a question may get: found, elsewhere, nonsense, not yours, not there, refused, not understood.
CALM = frozenset((200, 204, 302, 303, 400, 403, 404, 405, 409, 422))


@contextmanager
def out_of_reach(model: type[models.Model], where: Q) -> Iterator[None]:
    """Keep everybody from the rows that fit, for a while."""
    access.limit(model, lambda _user: ~where)
    try:
        yield
    finally:
        access._rules[model].pop()


def rows_cost_nothing_extra(visitor: Visitor, screen: Screen, address: str) -> None:
    """An address answers without any row, and thirty cost no more queries than three."""
    assert visitor.get(address).status == 200
    make(screen, visitor, range(1, 4))
    few = queries(visitor, address)
    make(screen, visitor, range(4, 31))
    many = queries(visitor, address)
    assert many <= few, f"{address}: {few} queries for 3 rows, {many} for 30"


def make(screen: Screen, visitor: Visitor, numbers: range) -> list[Any]:
    return [sample(screen.model, number, owner=visitor.user) for number in numbers]


def queries(visitor: Visitor, address: str) -> int:
    visitor.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(address).status == 200, address
    return len(captured)


def every_question_is_answered(visitor: Visitor, screen: Screen, mode: Mode) -> None:
    """Each grouping, filter, period, own condition and text search works in the mode."""
    for query in questions(screen, visitor.user):
        answer = visitor.get(screen.url, part=True, view=mode.name, **query)
        assert answer.status == 200, (query, answer.status)


def questions(screen: Screen, user: Any) -> Iterator[dict[str, Any]]:
    search = screen.search
    yield from ({"g": by.key} for by in search.group_by)
    yield from ({"f": item.name} for item in search.filters)
    yield from ({"f": [f"{path}:{period}" for period in PERIODS]} for path in search.periods)
    for name in search.builder:
        field = builder_field(screen.model, name, user)
        value = field.choices[0][0] if field.choices else "2026-03-01" if "date" in field.kind else "1"
        yield {"w": [f"{name}~{operator}~{value}" for operator, _label in field.operators]}
    yield from ({"q": text} for text in ("row", "Row 1", "ÉTÉ", "%_\\'\"", "a b c d e f g h i j"))


def every_order_works(visitor: Visitor, screen: Screen, names: tuple[str, ...]) -> None:
    """The list sorts by every column, either way; only tags have no order."""
    for name in names:
        expected = 400 if resolve(screen.model, name).kind == "tags" else 200
        for sort in (name, f"-{name}"):
            assert visitor.get(screen.url, part=True, view="list", f="", o=sort).status == expected, sort


def finds_by_name(visitor: Visitor, screen: Screen) -> None:
    """What is typed finds the rows it stands in, in any case and without accents, in every way of looking."""
    other = sample(screen.model, 2, word="Zebra", owner=visitor.user)
    found = sample(screen.model, 1, word="Éléphant", owner=visitor.user)
    for mode in screen.modes:
        answer = visitor.get(screen.url, view=mode.name, f="", q="ELEPHANT 1")
        assert f'data-id="{found.pk}"' in answer.text, mode.name
        assert f'data-id="{other.pk}"' not in answer.text, mode.name
    results = visitor.get(f"/lookup/{screen.model._meta.label_lower}/", q="elephant").text
    assert f'"id": {found.pk}' in results and f'"id": {other.pk}' not in results


def nothing_without_permission(outsider: Visitor, screen: Screen, record: Any) -> None:
    """Who may not see the model gets 403 at each of its addresses, and changes nothing."""
    before = stored(record)
    for address in (*looks(screen), *dialogs(screen), *views_of(screen, record.pk)):
        if not address.startswith("/palette/"):
            assert outsider.get(address).status == 403, address
    for address, values in (*writes_to(screen, record.pk), *writes_new(screen, record.pk)):
        assert outsider.post(address, values).status == 403, address
    assert stored(record) == before
    assert screen.label_plural not in outsider.get("/palette/", q="Row").text


def writes_new(screen: Screen, pk: int) -> Iterator[tuple[str, dict[str, Any]]]:
    yield f"{screen.url}new/", {"name": "New"}
    yield f"{screen.url}quick/", {"name": "New"}
    yield from ((f"{screen.url}do/{action.name}/", {"id": pk}) for action in screen.actions)


def stored(record: Any) -> dict[str, Any]:
    """All columns of the row as they are in the database now; nothing once it is gone."""
    row = type(record)._base_manager.filter(pk=record.pk).values().first()
    return {} if row is None else {**row}


def hidden_rows_leave_no_trace(visitor: Visitor, screen: Screen) -> None:
    """With a row out of reach every answer is the very same as without it."""
    make(screen, visitor, range(1, 4))
    choosing = [other for other in screens() if other is screen or offers(other, screen.model)]
    addresses = [*looks(screen), *(address for other in choosing for address in dialogs(other))]
    without = {address: visitor.get(address).lasting for address in addresses}
    with out_of_reach(screen.model, Q(pk__gt=highest(screen.model))):
        hidden = sample(screen.model, 7, word="Zebra", owner=visitor.user)
        for address in addresses:
            assert visitor.get(address).lasting == without[address], address
        hidden_row_is_not_there(visitor, screen, hidden)


def offers(screen: Screen, model: type[models.Model]) -> bool:
    """Whether a form of the screen lets one choose among the model's rows."""
    shown: list[Any] = [screen.form, *(action.form for action in screen.actions if action.form)]
    fields = [field for form in shown for field in form.base_fields.values()]
    chosen = [
        field.queryset.model
        for field in fields
        if isinstance(field, ModelChoiceField) and field.queryset is not None
    ]
    return any(other._meta.concrete_model is model._meta.concrete_model for other in chosen)


def highest(model: type[models.Model]) -> int:
    return int(model._base_manager.aggregate(most=models.Max("pk"))["most"] or 0)


def hidden_row_is_not_there(visitor: Visitor, screen: Screen, hidden: Any) -> None:
    """Its pages and writes answer as for one that never was, and it stays as it is."""
    before = stored(hidden)
    for address in views_of(screen, hidden.pk):
        answer, never = visitor.get(address), visitor.get(address.replace(f"/{hidden.pk}/", "/999999/"))
        assert answer.status == never.status == 404, address
        here, nowhere = f"/{hidden.pk}/", "/999999/"
        assert answer.lasting.replace(here, nowhere) == never.lasting, address
    for address, values in writes_to(screen, hidden.pk):
        lacks = address.endswith("/delete/") and not screen.may(visitor.user, "delete")
        assert visitor.post(address, values).status == (403 if lacks else 404), address
    for action in screen.actions:
        if action.bulk:
            answer = visitor.post(
                f"{screen.url}do/{action.name}/", form_of(action, visitor.user) | {"id": hidden.pk}
            )
            assert answer.status in (409, 422), (action.name, answer.status)
    assert stored(hidden) == before


def form_of(action: Action, user: Any) -> dict[str, Any]:
    """What a person might send with the action's form."""
    if action.form is None:
        return {}
    form = action.form()
    scope_choices(form, user)
    return filled(form)


def form_values(screen: Screen, record: Any, user: Any) -> dict[str, Any]:
    """What the screen's form sends for a record as it is."""
    form = screen.form(instance=record)
    scope_choices(form, user)
    return filled(form)


def in_every_state(visitor: Visitor, screen: Screen, also: Iterable[Any] = ()) -> list[Any]:
    """A new record, one after each action that a new one allows, and those of states that no action leads to."""
    found = [sample(screen.model, 1, owner=visitor.user), *also]
    for number, action in enumerate(screen.actions, start=2):
        record = sample(screen.model, number, owner=visitor.user)
        act(visitor, screen, action, record)
        found.append(record)
    # One that has become another is no record of this screen any more.
    there = screen.model._default_manager.filter(pk__in=[record.pk for record in found])
    kept = [record for record in found if record.pk in set(there.values_list("pk", flat=True))]
    for record in kept:
        record.refresh_from_db()
    return kept


def act(visitor: Visitor, screen: Screen, action: Action, record: Any) -> Answer:
    return visitor.post(f"{screen.url}{record.pk}/do/{action.name}/", form_of(action, visitor.user))


def acts_only_where_it_applies(visitor: Visitor, screen: Screen, action: Action, records: list[Any]) -> None:
    """The action is offered and done where it applies; elsewhere it is neither, and says so in a sentence."""
    assert any(map(action.offered_for, records)), f"no record offers “{action.name}”"
    for record in records:
        # What was done to another may have reached it.
        record.refresh_from_db()
        offered, before = action.offered_for(record), stored(record)
        page = visitor.get(f"{screen.url}{record.pk}/").text
        assert (f"{screen.url}{record.pk}/do/{action.name}/" in page) == offered, record
        answer = act(visitor, screen, action, record)
        if offered:
            assert answer.status == 204, (action.name, answer.toast or answer.text)
            continue
        assert answer.status == 409 or "circle-alert" in answer.text, (action.name, answer.status)
        assert answer.status == 422 or answer.toast.endswith("."), answer.toast
        assert stored(record) == before


def acts_on_all_or_none(visitor: Visitor, screen: Screen, action: Action, fits: Any, unfit: Any) -> None:
    """One record that the action does not fit keeps it from all, or is left out where the action says so."""
    before = stored(fits), stored(unfit)
    if action.together is not None:
        done = visitor.post(f"{screen.url}do/{action.name}/", {"id": [fits.pk, unfit.pk]})
        assert stored(unfit) == before[1]
        assert visitor.post(done.undo).status == 204
        return
    for ids in ([fits.pk, unfit.pk], [unfit.pk, fits.pk]):
        answer = visitor.post(f"{screen.url}do/{action.name}/", form_of(action, visitor.user) | {"id": ids})
        assert answer.status in (409, 422)
        assert (stored(fits), stored(unfit)) == before


def undo_takes_it_back(visitor: Visitor, model: type[models.Model], write: Callable[[], Answer]) -> bool:
    """Whether the write changed anything; whatever it changed, its undo takes back."""
    before = contents(model)
    answer = write()
    if contents(model) == before:
        return False
    assert answer.undo, (answer.url, answer.status, answer.text)
    undone = visitor.post(answer.undo)
    assert undone.status == 204, (answer.url, undone.toast)
    assert contents(model) == before, answer.url
    return True


def contents(model: type[models.Model]) -> dict[int, Any]:
    """All rows with their links, without what says when they were last written."""
    return {row.pk: _contents(row) for row in model._base_manager.all()}


def _contents(row: Any) -> dict[str, Any]:
    columns = {
        f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name != "updated_at"
    }
    return columns | {f.name: {v.pk for v in getattr(row, f.name).all()} for f in row._meta.many_to_many}


def one_heading_and_every_control_named(visitor: Visitor, address: str, *, dialog: bool = False) -> None:
    """A browser gets a page, the page's script only the part; all can be told apart by ear."""
    page, part = visitor.get(address), visitor.get(address, part=True)
    assert page.status == part.status == 200, address
    assert page.html.whole, address
    assert not part.html.whole and "<body" not in part.text and '<nav class="nav"' not in part.text, address
    assert len(page.html.headings) == 1 and page.html.headings[0], (address, page.html.headings)
    assert len(part.html.headings) == (0 if dialog else 1), (address, part.html.headings)
    for answer in (page, part):
        assert not answer.html.unnamed, (address, answer.html.unnamed)
        assert not answer.html.repeated, (address, answer.html.repeated)


def pages(screen: Screen) -> Iterator[str]:
    yield from (asked(screen.url, view=mode.name, f="") for mode in screen.modes)
    yield f"{screen.url}new/"
