"""How fast and with how many queries the program answers."""

from __future__ import annotations

import csv
import http.client
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import psutil

from tests.bench.ground import Place
from tests.bench.report import Report

TIMES = 20
EVERYBODY = "/opportunities/?f=open&f=won-lately"
CLIENTS, SECONDS = 2, 6.0


class Asker:
    """A browser's connection: kept open, signed in, with the token of its forms."""

    def __init__(self, place: Place, session: str) -> None:
        self.connection = http.client.HTTPConnection(place.host, place.port, timeout=60)
        self.cookies = f"piste={session}"
        self.token = ""

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        return self._ask("GET", path, b"", headers)

    def post(self, path: str, **values: object) -> int:
        if not self.token:
            self._arm()
        body = urlencode(values).encode()
        headers = {
            "X-CSRFToken": self.token,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self._ask("POST", path, body, headers)[0]

    def _arm(self) -> None:
        self.connection.request("GET", "/profile/", headers={"Cookie": self.cookies})
        answer = self.connection.getresponse()
        page = answer.read().decode()
        secret = re.search(r"csrf=([^;]+)", answer.headers.get("Set-Cookie") or "")
        token = re.search(r'data-csrf="([^"]+)"', page)
        assert token is not None
        self.token = token[1]
        if secret:
            self.cookies += f"; csrf={secret[1]}"

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        self.connection.request(method, path, body, {"Cookie": self.cookies} | headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


def measure(place: Place, report: Report) -> None:
    seller, manager = Asker(place, place.salesperson), Asker(place, place.manager)
    reading(place, seller, manager, report)
    writing(seller, report)
    importing(report)
    crowd(place, report)
    weight(place, manager, report)


def reading(place: Place, seller: Asker, manager: Asker, report: Report) -> None:
    """The pages that people look at all day."""
    pk = _a_deal()
    many = report.rows >= 1_000_000
    for name, asker, path, goal in (
        ("board of one person", seller, "/opportunities/", 40 if many else 25),
        ("board of everybody", manager, EVERYBODY, 250 if many else 60),
        (
            "list of 80, text search",
            manager,
            "/opportunities/?view=list&f=&q=formation+s%C3%A9curit%C3%A9",
            40,
        ),
        ("list of 80, by amount", manager, "/opportunities/?view=list&f=open&o=-expected_revenue", None),
        ("record page", seller, f"/opportunities/{pk}/", 25),
    ):
        seconds = []
        for _turn in range(TIMES + 3):
            begun = time.perf_counter()
            status, _body = asker.get(path)
            seconds.append(time.perf_counter() - begun)
            assert status == 200, (path, status)
        report.times(name, seconds[3:], goal, f"{_queries(asker, path)} queries")


def _queries(asker: Asker, path: str) -> int:
    """How many queries the same address costs, counted in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.cookies["piste"] = asker.cookies.split(";")[0].partition("=")[2]
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def _a_deal() -> int:
    from piste.accounts.models import User
    from piste.pipeline.models import Opportunity

    owner = User.objects.filter(role="salesperson-own", is_active=True).order_by("pk")[0]
    found = Opportunity.objects.filter(owner=owner, status="open", archived=False).order_by("pk").first()
    assert found is not None
    return int(found.pk)


def writing(seller: Asker, report: Report) -> None:
    """Moving a card and creating one."""
    from piste.pipeline.models import Stage

    pk = _a_deal()
    stages = list(Stage.objects.filter(is_won=False, team=None).values_list("pk", flat=True))
    moves, creates = [], []
    for turn in range(TIMES + 3):
        begun = time.perf_counter()
        status = seller.post(f"/opportunities/{pk}/move/", lane=stages[turn % len(stages)])
        moves.append(time.perf_counter() - begun)
        assert status == 204, status
        begun = time.perf_counter()
        status = seller.post("/opportunities/quick/", name=f"Mesure {turn} 12k", lane=stages[0])
        creates.append(time.perf_counter() - begun)
        assert status == 204, status
    report.times("moving a card", moves[3:], 15)
    report.times("creating one", creates[3:], 20)
    merging(seller, report)
    converting(seller, report)


def merging(seller: Asker, report: Report) -> None:
    """Making one deal of three, each time of others."""
    from piste.pipeline.models import Opportunity

    owner = Opportunity.objects.get(pk=_a_deal()).owner_id
    mine = Opportunity.objects.filter(owner=owner, status="open", archived=False).order_by("-pk")
    keys = list(mine.values_list("pk", flat=True)[: 3 * (TIMES + 3)])
    seconds = []
    for turn in range(len(keys) // 3):
        three = ",".join(map(str, keys[3 * turn : 3 * turn + 3]))
        begun = time.perf_counter()
        status = seller.post(f"/opportunities/merge/?ids={three}")
        seconds.append(time.perf_counter() - begun)
        assert status == 204, status
    report.times("merging three", seconds[3:], 50)


def converting(seller: Asker, report: Report) -> None:
    """Converting a lead with a new customer, answer included."""
    from piste.accounts.models import User
    from piste.pipeline.models import Lead, LeadUse, PipelineSettings

    settings = PipelineSettings.get()
    settings.leads = LeadUse.ON
    settings.save()
    owner = User.objects.filter(role="salesperson-own", is_active=True).order_by("pk")[0]
    seconds = []
    for turn in range(TIMES + 3):
        lead = Lead.objects.create(
            name=f"Mesure {turn}",
            owner=owner,
            company_name=f"Mesures {turn} SA",
            email=f"m{turn}@mesure.example",
        )
        begun = time.perf_counter()
        status = seller.post(
            f"/leads/{lead.pk}/do/convert/", customer_action="create", owner=owner.pk, team=lead.team_id or ""
        )
        seconds.append(time.perf_counter() - begun)
        assert status == 204, status
    report.times("converting a lead", seconds[3:], 30)


def importing(report: Report, rows: int = 10_000) -> None:
    """`piste import` of a file, start of the program included."""
    from piste.accounts.models import User

    manager = User.objects.filter(role="manager", is_active=True).order_by("pk")[0]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "deals.csv"
        with file.open("w", newline="") as text:
            out = csv.writer(text)
            out.writerow(
                ["Opportunity", "Customer", "Email", "Phone", "Expected Revenue", "Stage", "Salesperson"]
            )
            for i in range(rows):
                out.writerow(
                    [f"Import {i}", f"Client {i % 900}", f"c{i % 900}@import.example", "02 61 91 40 12",
                     f"{i % 50000},50", ("Nouveau", "Qualifié", "Proposition")[i % 3], manager.email]
                )  # fmt: skip
        begun = time.perf_counter()
        command = [sys.executable, "-m", "piste", "import", str(file), "--into", "opportunities"]
        done = subprocess.run(
            [*command, "--user", manager.email], capture_output=True, text=True, check=False
        )
        spent = time.perf_counter() - begun
    assert done.returncode == 0, done.stderr
    report.figure("importing 10,000 rows", rows / spent, "rows/s", 1000, f"{spent:.1f} s")


def crowd(place: Place, report: Report) -> None:
    """Boards a second that two people get who ask without pause."""
    counts = [0] * CLIENTS

    def ask(index: int) -> None:
        asker = Asker(place, place.salesperson)
        ends = time.monotonic() + SECONDS
        while time.monotonic() < ends:
            assert asker.get("/opportunities/")[0] == 200
            counts[index] += 1

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.figure("boards with 2 clients", sum(counts) / SECONDS, "/s", 60)


def weight(place: Place, asker: Asker, report: Report) -> None:
    """Memory of the processes, and what a browser fetches at first."""
    root = psutil.Process(place.process)
    family = [p for p in [root, *root.children(recursive=True)] if "postgres" not in p.name()]
    shares = [p.memory_full_info() for p in family]
    report.figure(
        "memory, shared parts counted once",
        sum(s.pss for s in shares) / 1e6,
        "MB",
        350,
        f"{len(family)} processes",
    )
    report.figure("memory, shared parts counted each time", sum(s.rss for s in shares) / 1e6, "MB")
    _status, page = asker.get("/opportunities/")
    wanted = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.decode()))
    total = sum(len(asker.get(path, **{"Accept-Encoding": "gzip"})[1]) for path in wanted)
    report.figure(
        "first load of scripts, styles, font, icons", total / 1e3, "kB", 110, f"{len(wanted)} files"
    )
