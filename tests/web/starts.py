"""The starts of starts.json: from each, EM goes the same way in Python and in the browser."""

import json
from collections.abc import Iterator
from pathlib import Path

from emlib import BinomialMixture, GaussianMixture, Mixture, Tosses
from emlib.data import old_faithful

FILE = Path(__file__).parent / "starts.json"
POINTS = {"old_faithful": old_faithful}


def starts(group: dict) -> Iterator[Mixture]:
    """Yield the models of a group."""
    for theta in group.get("theta", []):
        yield BinomialMixture(theta, fit_mixing_weights=group["fit_mixing_weights"])
    for means in group.get("means", []):
        k = len(means)
        yield GaussianMixture([1 / k] * k, means, [group["covariance"]] * k)


def groups() -> Iterator[tuple[str, list[Mixture], object]]:
    """Yield what each group is, its models and its data."""
    for group in json.loads(FILE.read_text(encoding="utf-8")):
        data = Tosses(**group["tosses"]) if "tosses" in group else POINTS[group["points"]]()
        yield group["what"], list(starts(group)), data
