"""The exercises of notebook 03: EM for k coins."""

from key.coin_toss_em.bound import bound
from key.coin_toss_em.e_step import e_step
from key.coin_toss_em.em import em
from key.coin_toss_em.em_step_fair_coin import em_step_fair_coin
from key.coin_toss_em.log_likelihood import log_likelihood
from key.coin_toss_em.m_step import m_step

__all__ = [
    "bound",
    "e_step",
    "em",
    "em_step_fair_coin",
    "log_likelihood",
    "m_step",
]
