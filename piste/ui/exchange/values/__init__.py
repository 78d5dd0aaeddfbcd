"""What people and files write, turned into values: amounts, days, moments, ticks, choices.

Each parser raises `BadValue` with a sentence that says what to do. Forms, cells, quick create and
imports all use them.
"""

from piste.ui.exchange.values.choices import Choices
from piste.ui.exchange.values.days import day, day_order
from piste.ui.exchange.values.moments import moment
from piste.ui.exchange.values.numbers import amount, decimal_mark, percent, truth, whole
from piste.ui.exchange.values.wrong import BadValue

__all__ = [
    "BadValue",
    "Choices",
    "amount",
    "day",
    "day_order",
    "decimal_mark",
    "moment",
    "percent",
    "truth",
    "whole",
]
