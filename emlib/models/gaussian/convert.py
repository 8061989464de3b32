"""Fitted mixtures in the forms that people use."""

from __future__ import annotations

from typing import Any

import numpy as np

from emlib._validate import FloatArray
from emlib.models.gaussian.mixture import GaussianMixture
from emlib.models.mixture import Mixture
from emlib.models.model import check_model


def to_dict(model: Mixture) -> dict[str, Any]:
    """Return the parameters as lists by name, ready for JSON.

    Examples
    --------
    >>> from emlib import BinomialMixture
    >>> to_dict(BinomialMixture([0.8, 0.5]))
    {'theta': [0.8, 0.5], 'mixing_weights': [0.5, 0.5]}
    """
    check_model("model", model, Mixture)
    return {name: value.tolist() for name, value in model.parameters().items()}


def to_table(model: Mixture) -> str:
    """Return a small table, one line for each component, its parameters to four digits.

    Matrices are left out: a table of them would not be small.

    Examples
    --------
    >>> from emlib import GaussianMixture
    >>> print(to_table(GaussianMixture([0.4, 0.6], [[0, 1], [2, 3]], [[[1, 0], [0, 1]]] * 2)))
    component  mixing_weights  means[0]  means[1]
            0             0.4         0         1
            1             0.6         2         3
    """
    check_model("model", model, Mixture)
    columns: dict[str, Any] = {"component": [str(j) for j in range(model.k)]}
    for name, value in sorted(model.parameters().items(), key=lambda item: "mixing" not in item[0]):
        if value.ndim == 1:
            columns[name] = [f"{entry:.4g}" for entry in value]
        elif value.ndim == 2:
            for c in range(value.shape[1]):
                columns[f"{name}[{c}]"] = [f"{entry:.4g}" for entry in value[:, c]]
    lines = [list(columns), *zip(*columns.values(), strict=True)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(entry.rjust(width) for entry, width in zip(line, widths, strict=True))
        for line in lines
    )


def to_sklearn(model: GaussianMixture) -> Any:
    """Return a fitted ``sklearn.mixture.GaussianMixture`` with the same parameters.

    It predicts, scores and samples as if scikit-learn had fitted it.

    Raises
    ------
    TypeError
        If the model is no Gaussian mixture.
    ModuleNotFoundError
        If scikit-learn is not installed.
    """
    if not isinstance(model, GaussianMixture):
        raise TypeError(f"model must be a GaussianMixture, not {type(model).__name__}")
    from sklearn.mixture import GaussianMixture as Peer

    inverse: FloatArray = np.linalg.inv(model.cholesky).transpose(0, 2, 1).astype(float)
    peer = Peer(model.k, covariance_type=model.covariance_type)
    peer.weights_, peer.means_ = model.mixing_weights.copy(), model.means.copy()
    narrowed = model.kind.narrowed
    peer.covariances_, peer.precisions_cholesky_ = narrowed(model.covariances), narrowed(inverse)
    peer.precisions_ = narrowed(inverse @ inverse.transpose(0, 2, 1))
    peer.covariances_ = peer.covariances_.copy()
    peer.n_features_in_ = model.means.shape[1]
    peer.converged_, peer.n_iter_ = True, 0
    peer.lower_bound_, peer.lower_bounds_ = -np.inf, [-np.inf]
    return peer
