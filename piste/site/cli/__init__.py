"""The command `piste`: one module for each family of commands, each adding its own to the parser."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence

from piste.core import env
from piste.core.binaries import DatabaseTrouble
from piste.core.env import WrongSetting
from piste.site.cli import data, doctor, people, running
from piste.site.cli.ground import Trouble, sentence

USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Whatever goes wrong is one sentence, never a stack."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except (DatabaseTrouble, Trouble, WrongSetting) as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output left, as `head` does; Python would complain again when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _complain(sentence(error) or _set_down(error))


def _complain(said: str) -> int:
    print(f"piste: {said}", file=sys.stderr)
    return USAGE


def _set_down(error: Exception) -> str:
    """Keep the stack of a mistake in Piste for those who can mend it; the others get a sentence."""
    file = env.private_folder(env.data_dir()) / "mistakes.log"
    with env.private_log(file) as log:
        log.write("".join(traceback.format_exception(error)).encode())
    return f"This is a mistake in Piste ({type(error).__name__}: {error}). The details are in {file}."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="piste", description="A CRM that a company runs itself.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for family in (running, data, people, doctor):
        family.add(commands)
    return parser
