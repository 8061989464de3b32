"""Print which extremes of input each exercise has: python -m tests.answers.extremes

An extreme is told by answers that are right but for it, made from the right one: they must lose
points by the visible examples, and by every draw of the hidden cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from emlib.checks.read import Values, as_values
from emlib.checks.relations import Setting
from key import writing
from key.exercise import Exercise

Answer = Callable[..., Any]
Case = tuple[Any, ...]
ALL = "results"

# Arguments that may be whole numbers: results must not take their type.  Shares and log-densities
# are not among them, lest a right `N /= n` stumble.
WHOLE = {
    "jensen.noise_level": "levels",
    "jensen.growth": "u",
    "complete_data.coin_log_likelihood": "heads",
    "complete_data.mle_by_labels": "heads",
    "complete_data.weighted_mle": "heads",
    "trust.standard_errors": "flips",
    "trust.map_estimate": "heads a b",
    "bound.log_sum_bound": "log_s",
    "bound.closest_q": "log_s",
    "bound.fit_weights": "log_p",
    "coin_toss_em.e_step": "heads",
    "coin_toss_em.m_step": "heads",
    "coin_toss_em.em": "heads",
    "misleads.bound": "q",
    "misleads.em_step_fair_coin": "heads",
    "misleads.best_of_starts": "heads",
    "gaussian_mixture.e_step": "data mu sigma",
    "gaussian_mixture.m_step": "data",
    "gaussian_mixture.em": "mu sigma",
    "choice.map_em_step": "data mu Sigma C",
    "choice.choose_k": "log_likelihoods",
    "choice.icl": "bic",
    "how_sure.poisson_em_step": "rates counts",
    "how_sure.information": "heads",
    "how_sure.leap": "theta_0",
    "many_models.confusion_tables": "votes",
    "many_models.linkage_step": "counts",
    "many_models.fill_in": "mu Sigma",
    "hidden_chain.chain_m_step": "data",
    "hidden_chain.forecast": "r_last mu",
}
# Shares and weights that may be tiny and still count; and what must show, a floor or more.
RARE = {
    "jensen.jensen_gap": "w",
    "jensen.noise_level": "w",
    "complete_data.weighted_mle": "weights",
    "bound.fit_weights": "alpha",
    "coin_toss_em.e_step": "alpha",
    "coin_toss_em.m_step": "responsibilities",
    "misleads.bound": "alpha",
    "misleads.em_step_fair_coin": "alpha floor",
    "gaussian_mixture.e_step": "alpha",
    "gaussian_mixture.m_step": "responsibilities",
    "choice.map_em_step": "alpha floor",
    "how_sure.poisson_em_step": "alpha",
    "how_sure.information": "alpha",
    "many_models.confusion_tables": "responsibilities",
    "hidden_chain.chain_m_step": "pairs",
}
# Arguments, or results, that may be small: no floor may be put under them.
SMALL = {
    "complete_data.coin_log_likelihood": "theta",
    "trust.map_estimate": ALL,
    "gaussian_mixture.e_step": "sigma",
    "gaussian_mixture.m_step": "sigma",
    "gaussian_mixture.em": "sigma floor",
    "choice.map_em_step": "Sigma",
    "how_sure.poisson_em_step": "rates floor",
    "how_sure.information": "theta",
    "how_sure.leap": "theta_2 rounded",
    "many_models.linkage_step": "theta floor",
    "many_models.fill_in": "Sigma",
    "hidden_chain.chain_m_step": "sigma",
}
# Arguments of which some input has more than two along an axis: components, coordinates, labels.
MORE_THAN_TWO = {
    "jensen.jensen_gap": ("u", 0),
    "jensen.noise_level": ("levels", 0),
    "jensen.growth": ("u", 0),
    "complete_data.coin_log_likelihood": ("theta", 0),
    "complete_data.weighted_mle": ("weights", 1),
    "trust.standard_errors": ("theta", 0),
    "bound.log_sum_bound": ("q", 0),
    "bound.closest_q": ("log_s", 0),
    "bound.fit_weights": ("alpha", 0),
    "coin_toss_em.e_step": ("theta", 0),
    "coin_toss_em.m_step": ("responsibilities", 1),
    "coin_toss_em.em": ("theta", 0),
    "misleads.bound": ("q", 1),
    "misleads.best_of_starts": ("alpha", 0),
    "gaussian_mixture.e_step": ("mu", 0),
    "gaussian_mixture.m_step": ("responsibilities", 1),
    "gaussian_mixture.em": ("data", 1),
    "choice.map_em_step": ("data", 1),
    "choice.icl": ("responsibilities", 1),
    "how_sure.poisson_em_step": ("rates", 0),
    "how_sure.information": ("theta", 0),
    "how_sure.leap": ("theta_0", 0),
    "many_models.confusion_tables": ("votes", 2),
    "hidden_chain.forward": ("log_pi", 0),
    "hidden_chain.chain_m_step": ("r", 1),
    "hidden_chain.forecast": ("r_last", 0),
}
# And of which some has a single one.
ONE = {
    "complete_data.coin_log_likelihood": ("heads", 0),
    "trust.map_estimate": ("heads", 0),
    "bound.log_sum_bound": ("q", 0),
    "coin_toss_em.e_step": ("heads", 0),
    "coin_toss_em.m_step": ("heads", 0),
    "choice.map_em_step": ("data", 1),
    "hidden_chain.forward": ("log_b", 0),
    "hidden_chain.forecast": ("mu", 1),
}
KINDS = ("whole", "rare", "small", "many", "one", "missing", "long")
SHARES = ("w", "alpha", "responsibilities")  # which sum to 1
SAFETY = 1e-6  # what programs add, lest something be 0


def _at(exercise: Exercise, name: str, change: Callable[[Any], Any], *x: Any) -> Any:
    """Return the right results after a change of an argument; or change one result, or all."""
    names = exercise.parameters
    x = tuple(change(a) if n == name else a for n, a in zip(names, x, strict=True))
    values = as_values(exercise.outputs, exercise.answer(*x))
    changed = () if name in names else (name,)
    of_each = zip(exercise.outputs, values, strict=True)
    return _result(change(v) if ALL in changed or o.name in changed else v for o, v in of_each)


def _cut(exercise: Exercise, name: str, *x: Any) -> Any:
    """Return the right results, in whole numbers if the argument holds these."""
    values = as_values(exercise.outputs, exercise.answer(*x))
    whole = np.asarray(x[exercise.parameters.index(name)]).dtype.kind in "iu"
    return _result(np.trunc(v) if whole else v for v in values)


def _result(values: Iterable[Any]) -> Any:
    """Return several values, or the only one."""
    several = tuple(values)
    return several if len(several) > 1 else several[0]


def _safe(change: Callable[[Any], Any], a: Any) -> Any:
    """Change all entries; of covariances, the variances alone."""
    square = np.ndim(a) > 1 and np.shape(a)[-1] == np.shape(a)[-2]
    return np.where(np.eye(np.shape(a)[-1]) > 0, change(a), a) if square else change(a)


def _limited(least: float) -> Callable[[Any], Any]:
    return partial(_safe, lambda a: np.maximum(a, least))


def _to_one(a: Any) -> Any:
    """Let shares sum to 1 again."""
    return a / np.sum(a, axis=-1, keepdims=True) if np.ndim(a) else a


CHANGES: dict[str, Callable[[Any], Any]] = {
    "floor": _limited(0.01),
    "added": partial(_safe, lambda a: a + SAFETY),
    "rounded": partial(np.round, decimals=9),
}


def _long(exercise: Exercise) -> Iterator[Answer]:
    """Yield loops that end too early."""
    for mistake in exercise.own:
        if mistake.name == "too few iterations":
            yield mistake.gives


def _missing(case: Case) -> bool:
    """Whether something is missing in each column."""
    return bool(np.isnan(case[0]).any(axis=0).all())


def spoiled(name: str, exercise: Exercise, kind: str) -> Iterator[Answer]:
    """Yield answers that are right but for an extreme."""
    if kind == "whole":
        for argument in WHOLE.get(name, "").split():
            yield partial(_cut, exercise, argument)
    elif kind == "long":
        yield from _long(exercise)
    elif kind in ("rare", "small"):
        what, *only = {"rare": RARE, "small": SMALL}[kind].get(name, "").split() or [""]
        rest = _to_one if what in SHARES else np.asarray
        for change in only or ("floor", "added") if what else ():
            yield partial(_at, exercise, what, lambda a, c=CHANGES[change]: rest(c(a)))


def has(name: str, exercise: Exercise, kind: str) -> Callable[[Case], bool] | None:
    """Return what says whether an input is of a kind; None if that does not apply."""
    found = {"many": MORE_THAN_TWO, "one": ONE}.get(kind, {}).get(name)
    if found:
        i, axis = exercise.parameters.index(found[0]), found[1]
        return lambda x: np.shape(x[i])[axis] == 1 if kind == "one" else np.shape(x[i])[axis] > 2
    return _missing if kind == "missing" and exercise.name == "fill_in" else None


def shows(exercise: Exercise, answer: Answer, case: Case) -> bool:
    """Whether an answer loses points for an input."""
    steps = {step.name: step for step in exercise.steps}

    def own(name: str, arguments: Mapping[str, Any]) -> Values:
        step = steps[name]
        return as_values(step.outputs, step.answer(*(arguments[n] for n in step.parameters)))

    setting = Setting(dict(zip(exercise.parameters, case, strict=True)), own)
    right = as_values(exercise.outputs, exercise.answer(*case))
    with np.errstate(all="ignore"):
        values = as_values(exercise.outputs, answer(*case))
    return not all(part.holds(values, right, setting) for part in exercise.parts)


def counts(name: str, exercise: Exercise, kind: str, cases: Sequence[Case]) -> list[int]:
    """Count the inputs of a kind: one number for each answer that they must tell."""
    belongs = has(name, exercise, kind)
    found = [sum(shows(exercise, one, x) for x in cases) for one in spoiled(name, exercise, kind)]
    return found + ([sum(map(belongs, cases))] if belongs else [])


def exercises() -> dict[str, Exercise]:
    """Return all exercises that can be graded."""
    return {
        f"{notebook}.{name}": exercise
        for notebook in writing.NOTEBOOKS
        for name, exercise in writing.exercises(notebook).items()
        if isinstance(exercise, Exercise)
    }


def table() -> str:
    """Return the table: of each kind so many examples and, in one draw, hidden cases."""
    lines = [f"{'examples + hidden cases':<34}" + "".join(f"{kind:>9}" for kind in KINDS)]
    for name, exercise in exercises().items():
        drawn = exercise.cases(np.random.default_rng(1))
        cells = []
        for kind in KINDS:
            both = [counts(name, exercise, kind, some) for some in (exercise.examples, drawn)]
            cells.append(" + ".join(str(min(some)) for some in both) if both[0] else "-")
        lines.append(f"{name:<34}" + "".join(f"{cell:>9}" for cell in cells))
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
