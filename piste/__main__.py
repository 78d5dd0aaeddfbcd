"""Runs the command `piste` as `python -m piste`."""

import sys

from piste.site.cli import main

if __name__ == "__main__":
    sys.exit(main())
