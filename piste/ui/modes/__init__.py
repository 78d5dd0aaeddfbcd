"""The ways of showing rows."""

from piste.ui.modes.base import Look, Mode
from piste.ui.modes.board import Board
from piste.ui.modes.drawn import Printing
from piste.ui.modes.lanes import LaneFacts, Segment
from piste.ui.modes.list import Drawing, List

__all__ = ["Board", "Drawing", "LaneFacts", "List", "Look", "Mode", "Printing", "Segment"]
