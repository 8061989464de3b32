"""The exercises of notebook 03: EM for k coins."""

from emlib.exercises.coin_toss_em._bound import bound
from emlib.exercises.coin_toss_em._draw import (
    random_bound,
    random_coins,
    random_em,
    random_fair_coin,
    random_m_step,
)
from emlib.exercises.coin_toss_em._fair_coin import em_step_fair_coin
from emlib.exercises.coin_toss_em._loop import em
from emlib.exercises.coin_toss_em._steps import e_step, log_likelihood, m_step

__all__ = [
    "bound",
    "e_step",
    "em",
    "em_step_fair_coin",
    "log_likelihood",
    "m_step",
    "random_bound",
    "random_coins",
    "random_em",
    "random_fair_coin",
    "random_m_step",
]
