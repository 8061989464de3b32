"""The exercises of notebook 07: a chain of hidden states."""

from key.hidden_chain.chain_m_step import chain_m_step
from key.hidden_chain.forecast import forecast
from key.hidden_chain.forward import forward

__all__ = ["chain_m_step", "forecast", "forward"]
