"""Whether the place where EM has come to rest is a top: it looks round before it says so.

EM rests wherever M(theta) = theta: on tops, but on saddles too, and a leap may land on one.
A top attracts: beside it, M shrinks the distance in every direction.  On a saddle there is a
direction in which M moves away, an eigenvector of the derivative of M with an eigenvalue above 1.
Arnoldi's iteration (see Saad 2011, doi:10.1137/1.9781611970739, section 6.2) finds the largest
eigenvalue from a dozen EM steps taken nearby.  What then counts is a higher place: the
eigenvalue only tells where to look for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from emlib._validate import FloatArray
from emlib.driver.accelerate import Climber, Visit

EM_STEPS = 12  # in as many directions, or as there are parameters
NEARBY = 1e-6  # how far away those are taken, in coordinates
DOUBTFUL = 0.999  # an eigenvalue from here on, measured so roughly, may be above 1
DISTANCES = (1e-3, 1e-2, 1e-1, 0.5)  # the farther, the sooner EM is away
RUNNING = 0.1  # a coordinate that still moves so far is on its way to minus infinity
SETTLING = 3  # EM steps from there, which undo what a straight line does wrong
LEVEL = 1.0  # nats; ground that falls by more belongs to another hill


def higher_nearby(data: Any, here: Visit, margin: float) -> Visit | None:
    """Return a place whose objective is more than `margin` nats higher, or None on a top.

    Raises
    ------
    NotImplementedError
        If the model has no coordinates to look round in.
    """
    climber = Climber(data, None)
    theta = here.model.coordinates(data)
    if here.following is None:
        return None
    image = here.following.coordinates(data)
    # A parameter at its bound stays there, and one on its way there has not come to rest.
    free = np.isfinite(theta) & np.isfinite(image)
    free[free] = np.abs(image[free] - theta[free]) < RUNNING

    def displaced(by: FloatArray) -> Visit | None:
        vector = theta.copy()
        vector[free] += by
        try:
            return climber.visit(here.model.at_coordinates(data, vector))
        except ValueError:  # no legal model in floating point
            return None

    def slope(v: FloatArray) -> FloatArray | None:
        """Return the derivative of M along v, by a difference."""
        there = displaced(NEARBY * v)
        if there is None or there.following is None:
            return None
        moved = there.following.coordinates(data)[free] - image[free]
        return moved / NEARBY if np.isfinite(moved).all() else None

    growth, direction = largest_eigenvalue(slope, int(free.sum()))
    if growth < DOUBTFUL:
        return None
    direction = direction / np.abs(direction).max()
    for side in (direction, -direction):
        highest, limit = None, here.objective + margin
        for distance in DISTANCES:
            there = displaced(distance * side)
            if there is None or not there.objective > here.objective - LEVEL:
                break
            for _ in range(SETTLING):
                if there.following is None or there.objective > limit:
                    break
                there = climber.visit(there.following)
            if there.following is not None and there.objective > limit:
                highest, limit = there, there.objective
        if highest is not None:
            return highest
    return None


def largest_eigenvalue(
    product: Callable[[FloatArray], FloatArray | None], size: int
) -> tuple[float, FloatArray]:
    """Return about the largest eigenvalue of a matrix, and its eigenvector, by Arnoldi's iteration.

    Parameters
    ----------
    product : callable
        Takes a vector of that size and returns the matrix times it, or None if it cannot.
    size : int
    """
    if size == 0:
        return 0.0, np.zeros(0)
    start = np.random.default_rng(0).normal(size=size)  # always the same, in no special direction
    basis = [start / np.linalg.norm(start)]
    H = np.zeros((EM_STEPS + 1, EM_STEPS))
    done = 0
    for step in range(min(size, EM_STEPS)):
        image = product(basis[step])
        if image is None:
            break
        done = step + 1
        for _ in range(2):  # once is not enough in floating point
            for i, b in enumerate(basis):
                part = b @ image
                H[i, step] += part
                image = image - part * b
        H[step + 1, step] = np.linalg.norm(image)
        if H[step + 1, step] == 0:
            break
        basis.append(image / H[step + 1, step])
    if done == 0:
        return 0.0, basis[0]
    values, vectors = np.linalg.eig(H[:done, :done])
    top = int(np.argmax(values.real))
    return float(values[top].real), np.real(vectors[:, top] @ np.array(basis[:done]))
