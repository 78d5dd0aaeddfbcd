"""When things happened at the sample company: on working days, in working hours, in order."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
OPENS, CLOSES = time(8, 30), time(18)
SATURDAY = 5
SOON = 3
#: At least this long lies between two steps of a deal.
PAUSE = timedelta(minutes=7)


class Clock:
    """Days before and after one moment; the same moment always gives the same days."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.today = at.astimezone(PARIS).date()
        self._chance = random.Random(2_026)  # noqa: S311  no secret hangs on it

    def ago(self, days: int) -> datetime:
        """A working moment so many days ago; weekends count for their Friday."""
        day = self.today - timedelta(days)
        day -= timedelta(max(0, day.weekday() - SATURDAY + 1))
        opens = datetime.combine(day, OPENS, PARIS)
        latest = datetime.combine(day, self._last_hour(), PARIS)
        return opens + (latest - opens) * self._chance.random()

    def _last_hour(self) -> time:
        """Not later on its day than now is on this one, so that ages in days come out as told."""
        now = self.at.astimezone(PARIS).time()
        return min(now, CLOSES) if now > OPENS else CLOSES

    def this_month(self, days: int) -> datetime:
        """So many days ago, or as far back as the present month reaches."""
        first = datetime.combine(self.today.replace(day=1), time.min, PARIS)
        for closer in range(days, 0, -1):
            if (moment := self.ago(closer)) >= first:
                return moment
        # Before the first working day of a month has passed, the night has to do.
        return first + (self.at - first) / 2

    def between(self, earlier: datetime, moment: datetime) -> datetime:
        """The moment, moved behind the earlier one and before the present where it is not there."""
        return min(max(moment, earlier + PAUSE), self.at)

    def closing(self, days: int) -> date:
        """A day so many days from now; one within three days is one of this week."""
        day = self.today + timedelta(days)
        sunday = self.today + timedelta(6 - self.today.weekday())
        return min(day, sunday) if 0 <= days <= SOON else day
