"""A picture is a value: PNG bytes with a text alternative."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

COLOURS = 128  # enough for a drawing; a notebook is then a third of its size
DOTS_PER_INCH = 144
SHOWN_PER_INCH = 96  # CSS pixels


@dataclass(frozen=True)
class Picture:
    """A drawn figure with the words that replace it where it cannot be seen.

    Attributes
    ----------
    png : bytes
        The image, on a white card, so that it reads the same on a dark theme.
    alt : str
        The text alternative: what the picture shows, in a sentence or two.
    width : int
        Width on the page, in CSS pixels.
    """

    png: bytes
    alt: str
    width: int

    @classmethod
    def draw(cls, figure: Figure, alt: str) -> Picture:
        """Render a Matplotlib figure.

        Parameters
        ----------
        figure : matplotlib.figure.Figure
        alt : str
            The text alternative; not empty.

        Raises
        ------
        ValueError
            If `alt` is empty.
        """
        if not alt.strip():
            raise ValueError("alt is empty: say in a sentence what the picture shows")
        drawn, buffer = BytesIO(), BytesIO()
        with np.errstate(over="ignore"):  # 3-D plots overflow now and then
            figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH, facecolor="white")
        with Image.open(drawn) as image:
            few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(buffer, format="png", optimize=True)
        width = round(figure.get_size_inches()[0] * SHOWN_PER_INCH)
        return cls(buffer.getvalue(), " ".join(alt.split()), width)

    def save(self, path: str | Path) -> None:
        """Write the PNG to `path`."""
        Path(path).write_bytes(self.png)

    def html(self) -> str:
        """Return an ``<img>`` element that carries the image and its text alternative."""
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'<img alt="{html.escape(self.alt)}" width="{self.width}" '
            f'style="max-width: 100%" src="data:image/png;base64,{data}">'
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Tell Jupyter how to show it: the image with its alternative, or the words alone."""
        return {"text/html": self.html(), "text/plain": self.alt}
