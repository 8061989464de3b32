"""Small, readable tools for learning the Expectation-Maximization (EM) algorithm.

The idea that holds the package together: *an EM run is a value*.  A model is an immutable
value that holds its parameters; :meth:`~emlib.em.Mixture.e_step` and
:meth:`~emlib.em.Mixture.m_step` are pure functions on it; :func:`~emlib.em.run_em` returns a
:class:`~emlib.em.Run`, the sequence of all steps with the reason it stopped.
"""

from emlib.coins import BinomialMixture, Tosses
from emlib.em import DegenerateError, Mixture, Run, SaddleWarning, Step, StopReason, run_em
from emlib.gmm import GaussianMixture

__all__ = [
    "BinomialMixture",
    "DegenerateError",
    "GaussianMixture",
    "Mixture",
    "Run",
    "SaddleWarning",
    "Step",
    "StopReason",
    "Tosses",
    "run_em",
]
__version__ = "0.1.0"
