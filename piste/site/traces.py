"""Traces as JSON, one object a line, for whoever collects them."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

_USUAL = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class Json(logging.Formatter):
    """Moment, logger, level, message, and the facts given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        facts = {name: value for name, value in vars(record).items() if name not in _USUAL}
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": moment, "logger": record.name, "level": record.levelname, "event": record.getMessage()}
        return json.dumps(line | facts, default=str, ensure_ascii=False)
