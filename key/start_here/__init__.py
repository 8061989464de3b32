"""The exercise of notebook 00, which shows what a check says; nobody grades it."""

from key.start_here.share_of_heads import share_of_heads

__all__ = [
    "share_of_heads",
]
