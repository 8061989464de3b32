"""Messages between the two sides: JSON, with its length before it, never longer than agreed."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

LONGEST = 32 * 1024 * 1024
MOST_PARTS = 3_000_000  # of a message: each takes up to a hundred bytes of whoever reads it
SLICE = 0.2  # seconds between two looks at the clock


class Closed(Exception):
    """The other side is gone."""


class TimeUp(Exception):
    """The other side did not answer in time."""


class Unreadable(Exception):
    """What came is no message: too long, or not JSON."""


def start_with_channel(words: list[str], **options: Any) -> tuple[Any, socket.socket]:
    """Start a process whose stdin leads to a socket; return both, see `channel_on_stdin`."""
    ours, theirs = socket.socketpair()
    if os.name == "nt":
        process = subprocess.Popen(words, stdin=subprocess.PIPE, **options)
        assert process.stdin is not None
        process.stdin.write(base64.b64encode(theirs.share(process.pid)) + b"\n")
        process.stdin.flush()
    else:
        process = subprocess.Popen(words, stdin=theirs.fileno(), **options)
    theirs.close()
    return process, ours


def channel_on_stdin() -> socket.socket:
    """Return the socket that `start_with_channel` gave this process, and leave stdin empty."""
    if os.name == "nt":
        channel = socket.fromshare(base64.b64decode(sys.stdin.readline()))
    else:
        channel = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    return channel


def send(channel: socket.socket, message: Any, seconds: float | None = None) -> None:
    """Send a message; raise `Closed`, or `TimeUp` if the other side does not read it in time."""
    data = json.dumps(message).encode()
    try:
        channel.settimeout(seconds)
        channel.sendall(len(data).to_bytes(4, "big") + data)
    except TimeoutError:
        raise TimeUp from None
    except OSError as error:
        raise Closed from error


def receive(
    channel: socket.socket,
    seconds: float | None = None,
    longest: int = LONGEST,
    while_waiting: Callable[[], None] | None = None,
) -> Any:
    """Wait for a message and return it; call `while_waiting` now and then."""
    deadline = None if seconds is None else monotonic() + seconds
    channel.settimeout(SLICE if deadline or while_waiting else None)
    looked = [monotonic()]

    def read(size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            try:
                piece = channel.recv(min(size - len(data), 1 << 20))
                if not piece:
                    raise Closed
                data += piece
            except TimeoutError:
                pass
            except OSError as error:
                raise Closed from error
            if while_waiting and monotonic() > looked[0] + SLICE:  # however often something comes
                while_waiting()
                looked[0] = monotonic()
            if deadline and monotonic() > deadline:
                raise TimeUp
        return bytes(data)

    size = int.from_bytes(read(4), "big")
    if size > longest:
        raise Unreadable(f"a message of {size} bytes")
    data = read(size)
    if sum(map(data.count, (b"{", b"[", b","))) > MOST_PARTS:
        raise Unreadable("a message of too many parts")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
