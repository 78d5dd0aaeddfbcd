"""What a person waits for, in Chromium."""

from __future__ import annotations

import time

from tests.bench.answers import EVERYBODY
from tests.bench.ground import Place
from tests.bench.report import Report
from tests.browser.chromium import launched

TIMES = 10


def measure(place: Place, report: Report) -> None:
    """From the address to the first card, from a card to its record, and back to the board."""
    first, record, back = [], [], []
    with launched() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "piste", "value": place.manager, "url": place.address}])
        page = context.new_page()
        page.goto(place.address + EVERYBODY)
        for _turn in range(TIMES):
            begun = time.perf_counter()
            page.goto(place.address + EVERYBODY, wait_until="commit")
            page.wait_for_selector(".card-name")
            first.append(time.perf_counter() - begun)
            page.wait_for_load_state("load")
            begun = time.perf_counter()
            page.locator(".card-name").first.click()
            page.wait_for_selector("#panel-body .record")
            record.append(time.perf_counter() - begun)
            page.goto(
                page.url.split("?")[0] + page.locator("#panel-body .record").get_attribute("data-id") + "/"
            )
            begun = time.perf_counter()
            page.locator(".nav-items a").first.click()
            page.wait_for_selector(".card-name")
            back.append(time.perf_counter() - begun)
    report.times("address to first card, everybody", first, 400)
    report.times("card to record", record, 120)
    report.times("back to the board", back, 200)
