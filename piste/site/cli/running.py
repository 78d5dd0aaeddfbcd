"""Commands that run until they are stopped: serve, web, worker."""

from __future__ import annotations

import argparse

from piste.site.cli.ground import Commands, ready


def add(commands: Commands) -> None:
    serve = commands.add_parser(
        "serve",
        help="run everything: database, pages and background work",
        description="Run Piste: its database unless DATABASE_URL names one, the pages and the background "
        "work. Brings the database up to date first. Ctrl-C stops it.",
    )
    demo = serve.add_mutually_exclusive_group()
    demo.add_argument(
        "--demo",
        action="store_true",
        help="load a sample company into an empty database and print a sign-in link for each of three people",
    )
    demo.add_argument("--no-demo", dest="demo", action="store_false", help="start empty (the default)")
    serve.set_defaults(run=_serve)

    web = commands.add_parser(
        "web", help="run the pages alone", description="Serve the pages, and nothing else."
    )
    web.set_defaults(run=_web)

    worker = commands.add_parser(
        "worker",
        help="run the background work alone",
        description="Do the background work, and nothing else.",
    )
    worker.set_defaults(run=_worker)

    # What `serve` says to itself; without help it is not listed.
    prepare = commands.add_parser("prepare")
    prepare.add_argument("--demo", action="store_true")
    prepare.set_defaults(run=_prepare)
    commands.add_parser("pages").set_defaults(run=_pages)


def _serve(asked: argparse.Namespace) -> int:
    from piste.site import serve

    return serve.everything(demo=asked.demo)


def _web(asked: argparse.Namespace) -> int:
    from piste.site import serve

    return serve.web_alone()


def _worker(asked: argparse.Namespace) -> int:
    from piste.site.worker import work

    return work()


def _prepare(asked: argparse.Namespace) -> int:
    from piste.site.start import prepare

    with ready():
        print("\n".join(prepare(demo=asked.demo)))
    return 0


def _pages(asked: argparse.Namespace) -> int:
    from piste.site import pages

    pages.serve()
