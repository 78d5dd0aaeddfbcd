"""For tests: records of any model, visitors, and the promises that every screen keeps."""

from piste.ui.testing.reading import Html
from piste.ui.testing.samples import sample
from piste.ui.testing.visiting import Answer, Visitor

__all__ = ["Answer", "Html", "Visitor", "sample"]
