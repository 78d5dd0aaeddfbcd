"""The ways of showing rows."""

from piste.ui.modes.base import Look, Mode
from piste.ui.modes.board import Board, LaneFacts, Segment
from piste.ui.modes.list import List

__all__ = ["Board", "LaneFacts", "List", "Look", "Mode", "Segment"]
