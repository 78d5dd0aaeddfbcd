"""How long it takes to find out that something similar is there already."""

from __future__ import annotations

import time

from django.db import connection, transaction

from tests.bench.answers import TIMES, Asker
from tests.bench.ground import Place
from tests.bench.report import Report

#: As many customers as deals: common first words, places and surnames in half of all names, a few rare ones.
_CUSTOMERS = """
INSERT INTO contacts_contact (kind, name, job_position, other_emails, other_phones, invoice_address, delivery_address,
    vat, siren, siret, naf, language, email_consent, phone_consent, notes, archived, search, name_key, email, phone,
    mobile, website, email_normalised, phone_e164, other_phone_e164, email_quality, phone_quality, street, street2,
    postcode, city, state, country, created_at, updated_at)
SELECT 'company', (ARRAY['Armor', 'Biscuiterie', 'Cabinet', 'Groupe', 'Hôtel', 'Mairie', 'Maison'])[1 + n %% 7]
    || ' ' || (ARRAY['Breizh', 'du Blavet', 'Guip', 'Kerbrat', 'Le Fur'])[1 + n / 7 %% 5] || ' '
    || initcap(translate(substr(md5((n / 3)::text), 1, 7), '0123456789', 'aeioulmnrs')) || ' SARL',
    '', '{}', '{}', '', '', '', '', '', '', '', 'unknown', 'unknown', '', false, '', '', 'c' || n || '@g' || n / 3 || '.example',
    '', '', '', 'c' || n || '@g' || n / 3 || '.example', '+332' || 10000000 + n, '', 'correct', 'correct', '', '', '', '', '',
    'FR', now(), now()
FROM generate_series(1, %s) n
"""


def measure(place: Place, report: Report) -> None:
    """Beside the forms while one types, and all pairs of a kind."""
    _fill(report.rows)
    seller = Asker(place, place.salesperson)
    rare = {
        "name": "Refonte",
        "company_name": "Armor Breizh Aeioulm",
        "email": "x@g77.example",
        "phone": "02 10 00 00 99",
    }
    common = {"name": "Refonte", "company_name": "Hôtel Kerbrat"}
    for name, address, values in (
        ("similar to a deal that is typed", "/opportunities/similar/", rare),
        ("the same, of common words only", "/opportunities/similar/", common),
        ("similar to a customer that is typed", "/customers/similar/", rare | {"name": rare["company_name"]}),
    ):
        seconds = []
        for _turn in range(TIMES + 3):
            begun = time.perf_counter()
            status = seller.post(address, **values)
            seconds.append(time.perf_counter() - begun)
            assert status == 200, status
        report.times(name, seconds[3:], 150)
    _pairs(report)


def _fill(rows: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # Their history is not what is measured.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_CUSTOMERS, [rows])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE contacts_contact")


def _pairs(report: Report) -> None:
    from django.utils import timezone

    from piste.contacts import pairing
    from piste.contacts.duplicates import kinds

    for kind in kinds():
        begun = time.perf_counter()
        found = pairing.search(kind, at=timezone.now())
        report.figure(
            f"all pairs of: {kind.key}", time.perf_counter() - begun, "s", note=f"{found} pairs kept"
        )
