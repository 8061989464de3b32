"""The exercises of notebook 06: other densities, other hidden things, one E-step."""

from key.many_models.confusion_tables import confusion_tables
from key.many_models.fill_in import fill_in
from key.many_models.linkage_step import linkage_step

__all__ = ["confusion_tables", "fill_in", "linkage_step"]
