"""Every item of the curriculum is taught in a cell, and every number it names is printed there.

The saved outputs read here are those that re-executing the notebooks reproduces.
"""

from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

# (notebook, item, words of the cell that teaches it, words that the cell prints)
ITEMS = [
    ("03", "labels are lost", "the labels are lost", []),
    ("03", "verbal outline", "Lower bound, touch", []),
    ("03", "picture of the climbing bound", "plots.bound_climb", ["touches the log-likelihood"]),
    ("03", "multiply and divide", r"\text{multiply and divide by } q_i(j)", []),
    ("03", "an equality, not a bound", "definition of expectation: an equality", []),
    ("03", "tight at the posterior", "**touches** when $q_i$ is the posterior", []),
    ("03", "three objects, three names", "**Three objects, three names.**", []),
    ("03", "the log-likelihood never falls", r"\ell(\theta_{t+1})", []),
    ("03", "E-step", "## 4 · The E-step", []),
    ("03", "first responsibilities", "share of coin A", ["[0.45 0.8  0.73 0.35 0.65]"]),
    ("03", "M-step", r"\frac{\partial Q}{\partial \theta_j}", []),
    ("03", "expected counts", "expected_tails", ["[21.3 11.7]", "[8.6 8.4]"]),
    ("03", "loop program", "share_A = 1 /", ["9   theta 0.80 0.52   -29.87"]),
    ("03", "vectorised program", "np.sum(share * log_p)", ["1   theta 0.71 0.58   -32.69"]),
    ("03", "program with entropy", "log_p - np.log(share)", ["7   theta 0.80 0.52   -28.10"]),
    ("03", "aligned steps", "programs 1,2", ["0.713012", "-31.859258", "-31.573058"]),
    ("03", "four numbers at the limit", "programs 1,2", ["-31.570200", "-29.868", "-9.796924"]),
    ("03", "free mixing weights", "fit_mixing_weights", ["[0.79337 0.51392]", "-31.568695"]),
    ("03", "binomial coefficients", "* **coefficients**", []),
    ("03", "as a function", "def two_coin_em", []),
    ("03", "the limit", "two_coin_em(heads, flips", ["[0.796789 0.519583]"]),
    ("03", "steps to walk through", "stepper(run)", ["EM"]),
    ("03", "synthetic data", "RandomState(1234)", ["[0.7982 0.3516]"]),
    ("03", "the old criterion on it", "2015 chapter's criterion", ["-5756.595652"]),
    ("03", "random starts", "rng.random(2)", ["(0.797, 0.52)", "(0.52, 0.797)"]),
    ("03", "label switching", "**label switching**", []),
    ("03", "Q falls", "BinomialMixture([0.20, 0.95])", ["-29.6007", "-29.8603", "-31.570275"]),
    ("03", "saddle", "[0.3, 0.3001]", ["[0.66 0.66] -32.051774"]),
    ("03", "rate of convergence", "em_map_eigenvalues(best)", ["[0.378  0.4097]", "1.533]"]),
    ("03", "hard against soft", "log_p.argmax(axis=1)", ["[0.8  0.45]"]),
    ("03", "underflow", "(10, 100, 1000, 2000)", ["0.0000000e+000", "[0. 0.]"]),
    ("03", "stationary point, not maximum", "*a* stationary point (Wu 1983)", []),
    ("03", "starts are rows (p, 1 - p)", r"whole $2 \times 2$ table", []),
]


def text_of(output):
    return "".join([output.get("text", ""), output.get("data", {}).get("text/plain", "")])


def cells(number):
    (path,) = NOTEBOOKS.glob(f"{number}-*/*.ipynb")
    return nbformat.read(path, as_version=4).cells


@pytest.mark.parametrize(("number", "item", "words", "printed"), ITEMS)
def test_item_is_taught_and_its_numbers_are_printed(number, item, words, printed):
    taught = [cell for cell in cells(number) if words in cell.source]
    assert taught, f"no cell of {number} teaches: {item}"
    outputs = "".join(text_of(output) for cell in taught for output in cell.get("outputs", []))
    for number_printed in printed:
        assert number_printed in outputs, f"{number}, {item}: {number_printed} is not printed"
