"""How many components?  Criteria that weigh the log-likelihood against its price.

Both are to be small.  With p free parameters, n rows and the log-likelihood l::

    BIC = p log n - 2 l                            (Schwarz 1978, doi:10.1214/aos/1176344136)
    ICL = BIC + 2 H(q)    (Biernacki, Celeux and Govaert 2000, doi:10.1109/34.865189)

The entropy H(q) of the responsibilities is what the labels remain in doubt: ICL prefers
components that are clusters, well apart.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from emlib.models.mixture import Mixture
from emlib.models.model import check_model
from emlib.models.rows import distinct, total_weight


def bic(model: Any, data: Any) -> float:
    """Return the Bayesian information criterion, in nats; the smaller the better.

    Parameters
    ----------
    model : Mixture or HiddenMarkov
        Fitted, for example ``run.model``.
    data : object
        The data it was fitted to; rows count as often as they weigh.

    Examples
    --------
    >>> from emlib import BinomialMixture, Tosses
    >>> data = Tosses([5, 9, 8, 4, 7], flips=10)
    >>> round(bic(BinomialMixture([0.797, 0.520]), data), 2)
    66.36
    >>> round(bic(BinomialMixture([0.66]), data), 2)
    65.71
    """
    check_model("model", model)
    if not hasattr(model, "n_parameters"):
        raise TypeError(f"model must have n_parameters to pay for; {model!r} has none")
    data = model.prepare(data)
    return float(model.n_parameters * np.log(total_weight(data)) - 2 * model.log_likelihood(data))


def icl(model: Mixture, data: Any) -> float:
    """Return the integrated completed likelihood criterion, in nats; the smaller the better.

    Arguments as for `bic`.
    """
    check_model("model", model, Mixture)
    return bic(model, data) + 2 * model.expectation(distinct(model.prepare(data))).entropy
