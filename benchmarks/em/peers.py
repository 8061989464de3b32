"""The programs that are compared.  Each runs so many EM iterations from the same start.

A peer takes (data, (weights, means, covariances), iterations) and returns the three
parameters after the last iteration.  A peer that is not installed is left out.
"""

import importlib.util
import warnings

import numpy as np

from emlib import GaussianMixture, run_em


def emlib(data, start, iterations, **options):
    run = run_em(GaussianMixture(*start), data, tol=0, max_iter=iterations, **options)
    if len(run) != iterations + 1:
        raise RuntimeError(
            f"stopped after {len(run) - 1} of {iterations} iterations: {run.message}"
        )
    return tuple(run.model.parameters().values())


def scikit_learn(data, start, iterations):
    from sklearn.mixture import GaussianMixture as Peer

    weights, means, covariances = start
    peer = Peer(
        len(weights),
        tol=0,
        reg_covar=0,
        max_iter=iterations,
        init_params="random",
        weights_init=weights,
        means_init=means,
        precisions_init=np.linalg.inv(covariances),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged
        peer.fit(data)
    return peer.weights_, peer.means_, peer.covariances_


def daal4py(data, start, iterations):
    import daal4py as peer

    peer.daalinit(1)
    weights, means, covariances = start
    algorithm = peer.em_gmm(
        nComponents=len(weights),
        maxIterations=iterations,
        accuracyThreshold=0,
        regularizationFactor=0,
        covarianceStorage="full",
    )
    result = algorithm.compute(data, weights[None, :], means, list(covariances))
    if result.nIterations[0, 0] != iterations:
        raise RuntimeError(f"stopped after {result.nIterations[0, 0]} of {iterations} iterations")
    return result.weights[0], result.means, np.stack(result.covariances)


def textbook(data, start, iterations):
    """The vectorised program of textbooks: SciPy's density, and x x^T of every row at once."""
    from scipy.stats import multivariate_normal

    weights, means, covariances = start
    for _ in range(iterations):
        joint = np.stack(
            [
                weight * multivariate_normal(mean, covariance).pdf(data)
                for weight, mean, covariance in zip(weights, means, covariances, strict=True)
            ]
        )
        r = joint / joint.sum(axis=0)
        _log_likelihood = np.log(joint.sum(axis=0)).sum()
        N = r.sum(axis=1)
        weights, means = N / N.sum(), r @ data / N[:, None]
        covariances = np.stack(
            [
                (r_j[:, None, None] * ((data - mean)[:, :, None] * (data - mean)[:, None, :])).sum(
                    0
                )
                for r_j, mean in zip(r, means, strict=True)
            ]
        )
        covariances /= N[:, None, None]
    return weights, means, covariances


def numba_loops(data, start, iterations):
    """Plain loops over the rows, compiled by Numba: what a compiled core could gain."""
    from em.compiled import em_step

    for _ in range(iterations):
        start = em_step(data, *start)
    return start


def affordable(n, d, k):
    """Whether d x d numbers for every row, twice, fit into ordinary memory."""
    return 8 * n * d * d < 1e9


# name -> (function, needs this package, handles this shape)
PEERS = {
    "emlib": (emlib, "emlib", lambda n, d, k: True),
    "scikit-learn": (scikit_learn, "sklearn", lambda n, d, k: True),
    "daal4py (C++)": (daal4py, "daal4py", lambda n, d, k: True),
    "textbook NumPy": (textbook, "scipy", affordable),
    "Numba loops": (numba_loops, "numba", lambda n, d, k: True),
}


def installed():
    """The peers that can run here."""
    return [name for name, peer in PEERS.items() if importlib.util.find_spec(peer[1])]
