"""Does the background work: jobs that were deferred in the transaction of the change that causes them."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from piste.site.cli.ground import Trouble, ready

# A worker that said nothing for this long is dead, and what it was doing is done again.
SILENCE = 30.0


def work() -> int:
    """Work until told to stop; what is being done is finished first."""
    from procrastinate.exceptions import ConnectorException

    with ready():
        try:
            asyncio.run(_work())
        except ConnectorException as error:
            raise Trouble(f"The background work lost the database: {error.__cause__ or error}") from error
    return 0


async def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params
    from procrastinate.psycopg_connector import PsycopgConnector

    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
    with app.replace_connector(connector):
        async with app.open_async():
            rescue = asyncio.create_task(_take_up_what_others_dropped())
            try:
                await app.run_worker_async(
                    name="piste",
                    concurrency=2,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=10.0,
                    stalled_worker_timeout=SILENCE,
                )
            finally:
                rescue.cancel()


async def _take_up_what_others_dropped() -> None:
    """Put the jobs of killed workers back into the queue."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import ConnectorException

    while True:
        # Without the database there is nothing to take up yet; the next round may be luckier.
        with suppress(ConnectorException):
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
                await app.job_manager.retry_job(job)
        await asyncio.sleep(SILENCE)
