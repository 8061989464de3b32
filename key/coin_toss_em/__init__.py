"""The exercises of notebook 03b: EM for k coins."""

from key.coin_toss_em.e_step import e_step
from key.coin_toss_em.em import em
from key.coin_toss_em.m_step import m_step

__all__ = ["e_step", "em", "m_step"]
