"""A parent that has imported everything, and forks kernels into sandboxes that are ready.

Linux only. The fork joins the namespaces of a sandbox that bubblewrap has built, and gives up
every privilege it gained by that, before any of the student's code runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
from typing import Any

from .frames import Closed, channel_on_stdin, receive, send
from .kernel import begin, prepare
from .refuse import allow_list

NAMESPACES = 0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
CAPABILITY_VERSION = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def die_with_parent() -> None:
    """Let the system kill this process when its parent ends."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def check(result: int) -> None:
    """Raise the error of a failed system call."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def join(sandbox: int) -> None:
    """Enter the user, mount, process, network, ipc and host-name namespaces of a process."""
    check(libc.setns(os.pidfd_open(sandbox), NAMESPACES))


def renounce() -> None:
    """Give up all privileges within the namespaces, for good."""
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    nothing = (ctypes.c_uint32 * 6)()
    check(libc.capset(ctypes.byref(_Header(CAPABILITY_VERSION, 0)), nothing))
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def enter(control: socket.socket, shell: Any, told: dict[str, Any]) -> None:
    """Join a sandbox, and become the kernel there."""
    join(told["sandbox"])
    if os.fork():  # only a child is inside the process namespace
        os._exit(0)
    renounce()
    os.setsid()
    control.close()
    os.closerange(3, 4096)
    begin(shell, told)


def main() -> None:
    """Fork a kernel for each message on stdin's socket, until it is closed."""
    die_with_parent()
    control = channel_on_stdin()
    places = receive(control)
    os.environ.update(places)
    allow_list()  # made once
    shell = prepare([])
    shell.run_cell("pass")  # the first cell is slower than all others
    try:
        while True:
            told = receive(control)
            prepare(told["imports"])
            try:
                child = os.fork()
            except OSError as error:
                send(control, {"error": f"cannot fork: {error}"})
                continue
            if child == 0:
                try:
                    for name in places:
                        del os.environ[name]
                    enter(control, shell, told)
                except BaseException as error:
                    send(control, {"error": f"cannot enter the sandbox: {error!r}"})
                finally:
                    os._exit(1)
            if os.waitpid(child, 0)[1] == 0:
                send(control, {})
    except Closed:
        os._exit(0)
