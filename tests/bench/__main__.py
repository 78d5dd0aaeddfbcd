"""`make bench`: fill a database of its own, start the program as a company would, and measure its answers."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench.report import Report


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="opportunities to make (100,000)")
    parser.add_argument("--no-browser", action="store_true", help="leave the measures in Chromium out")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="piste-bench-"))
    folder.chmod(0o711)
    os.environ["PISTE_DATA_DIR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "piste.site.settings"
    try:
        return measure(wanted.rows, folder, browser=not wanted.no_browser)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(rows: int, folder: Path, *, browser: bool) -> int:
    from piste.core import database

    with database.ensure():
        import django

        django.setup()
        from tests.bench import answers, browsing, ground, likeness, scores

        report = Report(rows)
        ground.prepare(rows, report)
        with ground.served(folder) as place:
            answers.measure(place, report)
            scores.measure(report)
            likeness.measure(place, report)
            if browser:
                browsing.measure(place, report)
        report.finish()
    return 0


if __name__ == "__main__":
    sys.exit(main())
