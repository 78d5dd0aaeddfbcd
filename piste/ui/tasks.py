"""What the worker does for the screens; found here by its start."""

from piste.ui.exchange.tasks import import_file, sweep_imports

__all__ = ["import_file", "sweep_imports"]
