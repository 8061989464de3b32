"""Small, readable tools for learning the Expectation-Maximization (EM) algorithm.

The idea that holds the package together: *an EM run is a value*.  A model is an immutable
value that holds its parameters; :meth:`~emlib.em.Mixture.e_step` and
:meth:`~emlib.em.Mixture.m_step` are pure functions on it; :func:`~emlib.em.run_em` returns a
:class:`~emlib.em.Run`, the sequence of all steps with the reason it stopped.
"""

from emlib.categorical import CategoricalMixture, Tallies
from emlib.coins import BinomialMixture, Tosses
from emlib.covariances import CovariancePrior
from emlib.criteria import bic, icl
from emlib.em import DegenerateError, Mixture, Run, SaddleWarning, Step, StopReason, run_em
from emlib.gmm import GaussianMixture
from emlib.information import Information, observed_information
from emlib.points import Points
from emlib.poisson import Counts, PoissonMixture
from emlib.restarts import Restarts, restart_em

__all__ = [
    "BinomialMixture",
    "CategoricalMixture",
    "Counts",
    "CovariancePrior",
    "DegenerateError",
    "GaussianMixture",
    "Information",
    "Mixture",
    "Points",
    "PoissonMixture",
    "Restarts",
    "Run",
    "SaddleWarning",
    "Step",
    "StopReason",
    "Tallies",
    "Tosses",
    "bic",
    "icl",
    "observed_information",
    "restart_em",
    "run_em",
]
__version__ = "0.1.0"
