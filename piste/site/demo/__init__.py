"""The sample company “Atelier Breizh”: a small software house in Brittany and its two years of deals."""

from piste.site.demo.loading import load
from piste.site.demo.removal import remove
from piste.site.demo.staff import people

__all__ = ["load", "people", "remove"]
