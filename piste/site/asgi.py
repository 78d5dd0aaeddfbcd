"""What the web server serves."""

from __future__ import annotations

import os
from asyncio import Queue
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Any

    from django.http import HttpRequest, HttpResponseBase

#: Requests that one process answers at a time; each thread keeps a connection to the database.
THREADS = 8


class Handler(ASGIHandler):
    """Answers each request in one of a few threads that stay, and goes there only once.

    Django makes a thread for every request, which then asks for a connection, and runs middleware and view by
    turns in the loop and in the thread: a sixth of the time of a board.
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 – as Django has it
        """Put the chain together to run in a thread; all of it and every view is made for that."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)

    @cached_property
    def _free(self) -> Queue[ThreadPoolExecutor]:
        threads: Queue[ThreadPoolExecutor] = Queue()
        for number in range(THREADS):
            threads.put_nowait(ThreadPoolExecutor(1, thread_name_prefix=f"answers-{number}"))
        return threads

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Mapping[str, Any]]],
        send: Callable[[Mapping[str, Any]], Awaitable[None]],
    ) -> None:
        thread = await self._free.get()
        try:
            async with ThreadSensitiveContext(executor=thread):
                await super().__call__(scope, receive, send)
        finally:
            self._free.put_nowait(thread)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "piste.site.settings")
django.setup(set_prefix=False)
application = Handler()
