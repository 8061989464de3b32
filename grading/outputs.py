"""Outputs of a student's kernel, built anew: only texts and pictures are kept."""

from __future__ import annotations

import re
from typing import Any

from grading.inside.shell import LONGEST_TEXT, MOST_DATA, MOST_OUTPUTS, Output

BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
MIMES = (
    "text/plain", "text/html", "text/markdown", "text/latex",
    "image/png", "image/jpeg",
)  # fmt: skip


def error(name: str, words: str) -> dict[str, Any]:
    """Return an output that shows an error."""
    lines = [f"{name}: {words}"]
    return {"output_type": "error", "ename": name, "evalue": words, "traceback": lines}


def clean(outputs: list[Any]) -> list[Output]:
    """Build outputs anew from the student's kernel's, keeping only texts and pictures."""
    kept: list[Output] = []
    for output in outputs[: MOST_OUTPUTS + 1]:
        try:
            kept.append(_clean(output))
        except (TypeError, KeyError, AttributeError, ValueError):
            continue
    return kept


def _clean(output: dict[str, Any]) -> Output:
    kind = output["output_type"]
    if kind == "stream":
        name = "stderr" if output["name"] == "stderr" else "stdout"
        text = printable(output["text"])[: LONGEST_TEXT + 100]
        return {"output_type": kind, "name": name, "text": text}
    if kind == "error":
        texts = {key: printable(output[key])[:2000] for key in ("ename", "evalue")}
        lines = [printable(line)[:2000] for line in output["traceback"][:100]]
        return {"output_type": kind, **texts, "traceback": lines}
    data = {mime: printable(output["data"][mime]) for mime in MIMES if mime in output["data"]}
    if not all(BASE64.fullmatch(data.get(f"image/{kind}", "")) for kind in ("png", "jpeg")):
        raise ValueError("a picture that is none")
    if sum(map(len, data.values())) > MOST_DATA:
        raise ValueError("too much")
    if kind not in ("display_data", "execute_result"):
        raise ValueError("an output of an unknown kind")
    return {"output_type": kind, "data": data, "metadata": {}}


def printable(text: Any) -> str:
    """Return a text that can be stored: half characters replaced."""
    if not isinstance(text, str):
        raise TypeError("an output that is no text")
    return text.encode("utf-8", "replace").decode()
