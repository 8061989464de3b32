"""A picture is a value: PNG bytes with a text alternative."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

COLOURS = 128  # enough for a drawing; a notebook is then a third of its size
PRINTED_BYTES = 25_000  # of the PNG beside the HTML, at most
# How a larger one is made smaller: the part of its size, and the colours.
SMALLER = ((1, 48), (1, 24), (0.75, 24), (0.6, 24), (0.5, 24), (0.4, 16), (0.3, 8))
NEARLY_WHITE = 251
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
    def draw(
        cls, figure: Figure, alt: str, *, dpi: int = DOTS_PER_INCH, colours: int = COLOURS
    ) -> Picture:
        """Render a Matplotlib figure.

        Parameters
        ----------
        figure : matplotlib.figure.Figure
        alt : str
            The text alternative; not empty.
        dpi : int, optional
            Dots per inch.
        colours : int, optional
            How many colours it keeps, at most.

        Raises
        ------
        ValueError
            If `alt` is empty.
        """
        if not alt.strip():
            raise ValueError("alt is empty: say in a sentence what the picture shows")
        drawn = BytesIO()
        with np.errstate(over="ignore"):  # 3-D plots overflow now and then
            figure.savefig(drawn, format="png", dpi=dpi, facecolor="white")
        with Image.open(drawn) as image:
            png = in_few_colours(image, colours)
        width = round(figure.get_size_inches()[0] * SHOWN_PER_INCH)
        return cls(png, " ".join(alt.split()), width)

    def html(self) -> str:
        """Return an ``<img>`` element that carries the image and its text alternative."""
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'<img alt="{html.escape(self.alt)}" width="{self.width}" '
            f'style="max-width: 100%" src="data:image/png;base64,{data}">'
        )

    def printed(self) -> str:
        """Return the image for paper, in base64: a PNG of at most `PRINTED_BYTES`.

        LaTeX, PDF and Word have no use for HTML: what nbconvert, pandoc and Quarto make of a
        notebook for them shows this.
        """
        png = self.png
        with Image.open(BytesIO(png)) as image:
            whole = image.convert("RGB")
        for part, colours in SMALLER:
            if len(png) <= PRINTED_BYTES:
                break
            size = round(part * whole.width), round(part * whole.height)
            smaller = whole if part == 1 else whole.resize(size, Image.Resampling.LANCZOS)
            png = in_few_colours(smaller, colours)
        return base64.b64encode(png).decode("ascii")

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Tell Jupyter how to show it: the image with its alternative, on paper, or in words."""
        return {"text/html": self.html(), "image/png": self.printed(), "text/plain": self.alt}


def in_few_colours(image: Image.Image, colours: int) -> bytes:
    """Return a PNG with a palette of at most that many colours.

    An octree keeps thin lines in their colours, where the median of all pixels makes them grey.
    """
    few = image.convert("RGB").quantize(
        colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    # It takes white for the mean of all that is nearly white.
    few.putpalette([255 if value >= NEARLY_WHITE else value for value in few.getpalette() or []])
    buffer = BytesIO()
    few.save(buffer, format="png", optimize=True)
    return buffer.getvalue()
