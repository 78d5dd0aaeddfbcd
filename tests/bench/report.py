"""Figures on the way to paper: printed as they come, each beside what it should reach."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Report:
    rows: int
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.say(
            f"{self.rows:,} opportunities, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        )

    def times(self, name: str, seconds: Sequence[float], goal: float | None, note: str = "") -> None:
        """The median of some durations in milliseconds, beside the goal and the ratio to it."""
        self.figure(name, statistics.median(seconds) * 1000, "ms", goal, note)

    def figure(self, name: str, value: float, unit: str, goal: float | None = None, note: str = "") -> None:
        beside = f"   goal {goal:g} {unit}, ratio {value / goal:.2f}" if goal else ""
        self.say(f"{name:<42} {value:>10,.1f} {unit:<8}{beside}{'   ' + note if note else ''}")

    def say(self, line: str) -> None:
        self.lines.append(line)
        print(line, flush=True)  # noqa: T201

    def finish(self) -> None:
        self.say("Medians of 20 answers over loopback; other work on the machine shows in them.")
