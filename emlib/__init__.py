"""Small, readable tools for learning the Expectation-Maximization (EM) algorithm.

The idea that holds the package together: *an EM run is a value*.  A model is an immutable
value that holds its parameters; its :meth:`~emlib.models.mixture.Mixture.e_step` and
:meth:`~emlib.models.mixture.Mixture.m_step` are pure functions;
:func:`~emlib.driver.em.run_em` returns a :class:`~emlib.driver.run.Run`, the sequence of all
steps with the reason it stopped.  It drives any :class:`~emlib.models.model.Model`.
"""

import logging
import sys

if sys.platform == "emscripten":  # where every start builds Matplotlib's font cache, and says so
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

from emlib.driver.criteria import bic, icl
from emlib.driver.em import SaddleWarning, run_em
from emlib.driver.own import as_run
from emlib.driver.restarts import Restarts, restart_em
from emlib.driver.run import Run, Step, StopReason
from emlib.information.observed import Information, observed_information
from emlib.models.annotators import DawidSkene, Ratings
from emlib.models.binomial import BinomialMixture, Tosses
from emlib.models.categorical import CategoricalMixture, Tallies
from emlib.models.gaussian.incomplete import IncompletePoints
from emlib.models.gaussian.missing import IncompleteGaussianMixture
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.models.gaussian.points import Points
from emlib.models.gaussian.prior import CovariancePrior
from emlib.models.hidden_markov import HiddenMarkov
from emlib.models.mixture import Mixture
from emlib.models.model import DegenerateError, Expectation, Model
from emlib.models.poisson import Counts, PoissonMixture
from emlib.models.series import Series

__all__ = [
    "BinomialMixture",
    "CategoricalMixture",
    "Counts",
    "CovariancePrior",
    "DawidSkene",
    "DegenerateError",
    "Expectation",
    "GaussianMixture",
    "HiddenMarkov",
    "IncompleteGaussianMixture",
    "IncompletePoints",
    "Information",
    "Mixture",
    "Model",
    "Points",
    "PoissonMixture",
    "Ratings",
    "Restarts",
    "Run",
    "SaddleWarning",
    "Series",
    "Step",
    "StopReason",
    "Tallies",
    "Tosses",
    "as_run",
    "bic",
    "icl",
    "observed_information",
    "restart_em",
    "run_em",
]
__version__ = "0.1.0"
