"""Covariances of Gaussian components: four types, each held by its factor.

A covariance is never inverted nor even formed while EM runs.  What is kept is a factor:

* `Full` and `Tied`: the Cholesky factor L, Sigma = L L^T, shape (k, d, d);
* `Diagonal` and `Spherical`: the standard deviations s, Sigma = diag(s^2), shape (k, d).

Tied components share one factor; spherical ones have the same s in every coordinate.  Shared
entries are repeated, so that all components read alike.  The types hold no numbers: they say
what to do with factors.
"""

from __future__ import annotations

from emlib.models.gaussian.diagonal import Diagonal, Spherical
from emlib.models.gaussian.full import Full, Tied

TYPES: dict[str, Full] = {kind.name: kind for kind in (Full(), Tied(), Diagonal(), Spherical())}
