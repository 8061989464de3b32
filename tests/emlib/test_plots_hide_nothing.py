"""In no picture a legend lies on what is drawn."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from emlib import GaussianMixture, run_em
from emlib.steppers import runs
from tests.emlib import (
    test_plots_bound,
    test_plots_coin_toss,
    test_plots_complete,
    test_plots_gaussian,
    test_plots_jensen,
)

MODULES = (
    test_plots_bound,
    test_plots_coin_toss,
    test_plots_complete,
    test_plots_gaussian,
    test_plots_jensen,
)
COINS = run_em(test_plots_coin_toss.BinomialMixture([0.6, 0.5]), test_plots_coin_toss.TOSSES)
POINTS = np.random.default_rng(0).normal(size=(60, 2)) + 4 * (np.arange(60) % 2)[:, None]
DRAWN = {name: draw for one in MODULES for name, (draw, _) in one.PICTURES.items()} | {
    "still coins": lambda: runs.stepper(COINS),
    "still climb": lambda: runs.climb(COINS),
    "still bounds": lambda: runs.climb(COINS, coin=0),
    "still Gaussians": lambda: runs.stepper(
        run_em(GaussianMixture([0.5] * 2, [[0, 0], [4, 4]], [np.eye(2)] * 2), POINTS)
    ),
}


def hidden(figure: Figure) -> list[str]:
    """Return the legends under which there is a line, or a point, of some axes."""
    own = [legend for axes in figure.axes if (legend := axes.get_legend())]
    boxes = {legend.get_texts()[0].get_text(): legend for legend in [*figure.legends, *own]}
    return [
        f"{name} ... on {line.get_label()}"
        for name, box in ((name, legend.get_window_extent()) for name, legend in boxes.items())
        for axes in figure.axes
        for line in axes.lines
        if (within(seen(line), box) & within(seen(line), axes.bbox)).any()
    ]


def within(places: np.ndarray, box: Bbox) -> np.ndarray:
    return ((places > box.min) & (places < box.max)).all(axis=1)


def seen(line: Line2D) -> np.ndarray:
    """Return places along a line, in pixels."""
    corners = line.get_transform().transform(line.get_xydata())
    if line.get_linestyle() == "None":
        return corners
    return np.linspace(corners[:-1], corners[1:], 20).reshape(-1, 2)


@pytest.mark.filterwarnings("ignore::emlib.SaddleWarning")
@pytest.mark.parametrize("name", DRAWN)
def test_nothing_is_hidden(name, monkeypatch):
    figures: list[Figure] = []
    save = Figure.savefig

    def keep(self, *given, **more):
        save(self, *given, **more)
        figures.append(self)

    monkeypatch.setattr(Figure, "savefig", keep)
    DRAWN[name]()
    (figure,) = figures
    assert hidden(figure) == []
