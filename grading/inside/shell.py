"""An IPython shell that keeps what a cell shows, in the form in which notebooks store it."""

from __future__ import annotations

import io
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

LONGEST_TEXT = 100_000  # characters of stdout and stderr kept of one cell
MOST_DATA = 4_000_000  # characters of pictures and the like kept of one cell
MOST_OUTPUTS = 200
CUT = "\n... the rest of the output was left out\n"

Output = dict[str, Any]


class Outputs:
    """What one cell shows."""

    def __init__(self) -> None:
        self.kept: list[Output] = []
        self._text = 0
        self._data = 0
        self._clear = False

    def add(self, output: Output, size: int) -> None:
        """Keep an output, unless there are too many, or too large ones."""
        if self._clear:
            self.__init__()  # type: ignore[misc]
        self._data += size
        if self._data <= MOST_DATA and len(self.kept) < MOST_OUTPUTS:
            self.kept.append(output)

    def stream(self, name: str, text: str) -> None:
        """Keep what was written to stdout or stderr."""
        room = LONGEST_TEXT - self._text
        if room <= 0:
            return
        if len(text) >= room:
            text = text[: room - 1] + CUT
        last = self.kept[-1] if self.kept and not self._clear else {}
        if last.get("name") == name:
            last["text"] += text
        else:
            self.add({"output_type": "stream", "name": name, "text": text}, len(text))
        self._text += len(text)

    def show(self, kind: str, data: dict[str, Any], metadata: dict[str, Any] | None) -> None:
        """Keep a picture, a table, a value."""
        size = sum(len(str(value)) for value in data.values())
        output = {"output_type": kind, "data": dict(data), "metadata": dict(metadata or {})}
        self.add(output, size)

    def clear(self, wait: bool) -> None:
        """Forget everything, now or when the next output comes."""
        if wait:
            self._clear = True
        else:
            self.__init__()  # type: ignore[misc]


class Stream(io.TextIOBase):
    """What stands for stdout or stderr."""

    def __init__(self, shell: Shell, name: str) -> None:
        self._shell = shell
        self.name = name

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._shell.outputs.stream(self.name, str(text))
        return len(text)


class Publisher(DisplayPublisher):
    """Keeps what `display` is given."""

    def publish(self, data: Any, metadata: Any = None, *, update: bool = False, **_: Any) -> None:
        if not update:  # an earlier output stays as it was
            self.shell.outputs.show("display_data", data, metadata)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait)


class Hook(DisplayHook):
    """Keeps the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.outputs.show("execute_result", format_dict, md_dict)

    def finish_displayhook(self) -> None:
        self._is_active = False


class Shell(InteractiveShell):
    """An IPython shell without a terminal, a history, or a way to ask for input."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def __init__(self, **settings: Any) -> None:
        self.outputs = Outputs()
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        super().__init__(config=config, **settings)

    def run(self, code: str, number: int) -> tuple[bool, list[Output]]:
        """Run cell `number`; return whether it ended well and what it showed."""
        self.outputs = Outputs()
        self.execution_count = number
        with self.standard_streams():
            result = self.run_cell(code, store_history=True)
        return bool(result.success), self.outputs.kept

    def standard_streams(self) -> _Streams:
        """Within this context, stdout and stderr go to the outputs."""
        return _Streams(self)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        lines = [str(line) for line in stb]
        name, words = getattr(etype, "__name__", str(etype)), str(evalue)[:2000]
        output = {"output_type": "error", "ename": name, "evalue": words, "traceback": lines}
        self.outputs.add(output, sum(map(len, lines)))

    def enable_gui(self, gui: Any = None) -> None:
        pass

    def ask_exit(self) -> None:
        pass  # `exit` in a cell ends nothing, as in a notebook


class _Streams:
    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def __enter__(self) -> None:
        self._before = sys.stdin, sys.stdout, sys.stderr
        sys.stdin = io.StringIO()
        sys.stdout = Stream(self._shell, "stdout")
        sys.stderr = Stream(self._shell, "stderr")

    def __exit__(self, *_: object) -> None:
        sys.stdin, sys.stdout, sys.stderr = self._before
