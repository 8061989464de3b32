# ruff: noqa: F811
# mypy: ignore-errors
import numpy as np


# %% right: a loop
def forecast(r_last, A, mu, steps):
    p = r_last
    for _ in range(steps):
        p = p @ A
    return p, p @ mu


# %% right: matrix_power
def forecast(r_last, A, mu, steps):
    p = np.linalg.matrix_power(A.T, steps) @ r_last
    return p, mu.T @ p


# %% right: recursion and lists
def forecast(r_last, A, mu, steps):
    k = len(r_last)
    if steps > 1:
        r_last, _ = forecast(r_last, A, mu, steps - 1)
    p = [sum(r_last[j] * A[j][m] for j in range(k)) for m in range(k)]
    return p, [sum(p[j] * mu[j][a] for j in range(k)) for a in range(len(mu[0]))]


# %% wrong: one step only
# says: It moves `steps` times
def forecast(r_last, A, mu, steps):
    p = r_last @ A
    return p, p @ mu


# %% wrong: transitions read backward
# says: rows of `A` belong to the state that is left
def forecast(r_last, A, mu, steps):
    p = r_last
    for _ in range(steps):
        p = A @ p
    return p / 1, p @ mu


# %% wrong: entries to a power
# says: each entry of `A` was raised to a power
def forecast(r_last, A, mu, steps):
    p = r_last @ A**steps
    return p, p @ mu


# %% wrong: one step too many
# says: moved once too often
def forecast(r_last, A, mu, steps):
    p = r_last
    for _ in range(steps + 1):
        p = p @ A
    return p, p @ mu


# %% wrong: one step too few
# says: moved once too few times
def forecast(r_last, A, mu, steps):
    p = r_last
    for _ in range(1, steps):
        p = p @ A
    return p, p @ mu


# %% wrong: last state taken as certain
# says: only the most probable last state was used
def forecast(r_last, A, mu, steps):
    p = np.linalg.matrix_power(A, steps)[np.argmax(r_last)]
    return p, p @ mu


# %% wrong: mean of the most probable state
# says: Weight the means by `p`
def forecast(r_last, A, mu, steps):
    p = r_last @ np.linalg.matrix_power(A, steps)
    return p, mu[np.argmax(p)]


# %% wrong: mean of the last row
# says: made with the states of the last row
def forecast(r_last, A, mu, steps):
    return r_last @ np.linalg.matrix_power(A, steps), r_last @ mu


# %% wrong: plain mean of the means
# says: all means counted alike
def forecast(r_last, A, mu, steps):
    return r_last @ np.linalg.matrix_power(A, steps), mu.mean(axis=0)


# %% wrong: the mean in an array that takes the type of the means
# says: without decimals where `mu` holds whole numbers
def forecast(r_last, A, mu, steps):
    p = r_last @ np.linalg.matrix_power(A, steps)
    mean = np.zeros_like(mu[0])
    mean[:] = p @ mu
    return p, mean


# %% wrong: rare states left out
# says: `p` is only about right
def forecast(r_last, A, mu, steps):
    p = r_last @ np.linalg.matrix_power(A, steps)
    p = p * (p > 0.01)
    return p / p.sum(), p @ mu / p.sum()


# %% wrong: from the first state
# says: the chain started in its first state
def forecast(r_last, A, mu, steps):
    p = np.linalg.matrix_power(A, steps)[0]
    return p, p @ mu


# %% wrong: from all states alike
# says: all states were equally probable
def forecast(r_last, A, mu, steps):
    p = np.linalg.matrix_power(A, steps).mean(axis=0)
    return p, p @ mu


# %% wrong: no move at all
# says: the chain did not move
def forecast(r_last, A, mu, steps):
    p = r_last
    for _ in range(steps):
        r_last = r_last @ A
    return p, p @ mu


# %% wrong: one move, times the steps
# says: one move was multiplied by `steps`
def forecast(r_last, A, mu, steps):
    p = steps * r_last @ A
    return p, p @ mu


# %% wrong: most probable state after each move
# says: in its most probable state after each move
def forecast(r_last, A, mu, steps):
    p = r_last
    for _ in range(steps):
        state = np.argmax(p)
        p = A[state]
    return p, p @ mu


# %% wrong: the most probable state for sure
# says: the most probable state got probability 1
def forecast(r_last, A, mu, steps):
    p = r_last @ np.linalg.matrix_power(A, steps)
    state = p.argmax()
    p = np.zeros(len(p))
    p[state] = 1
    return p, mu[state]


# %% wrong: moved until nothing changes
# says: until it forgot where it was
def forecast(r_last, A, mu, steps):
    p = r_last @ A
    while not np.allclose(p, p @ A, rtol=0, atol=1e-14):
        p = p @ A
    return p, p @ mu


# %% wrong: weighted means not added
# says: not added over the states
def forecast(r_last, A, mu, steps):
    p = r_last @ np.linalg.matrix_power(A, steps)
    return p, p[:, None] * mu


# %% wrong: mean of the weighted means
# says: divided by the number of states
def forecast(r_last, A, mu, steps):
    p = r_last @ np.linalg.matrix_power(A, steps)
    return p, (p[:, None] * mu).mean(axis=0)
