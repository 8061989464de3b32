"""What a sandbox is made of: its rules, the command that builds it, and Python inside."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading.inside.frames import receive, send, start_with_channel
from grading.inside.refuse import allow_list

INSIDE = Path(__file__).resolve().parent / "inside"
MEGABYTE = 1024 * 1024
# Starts the package `inside` by its path, so that the rest of this package need not be there.
START = f"""
import sys
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("inside", {str(INSIDE / "__init__.py")!r})
sys.modules["inside"] = module_from_spec(spec)
from inside.{{module}} import main
main()
"""
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "student",
    "LOGNAME": "student",
    "PYTHONUNBUFFERED": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "NBGRADER_EXECUTION": "autograde",
    # One thread for each submission: the machine's cores are shared out between submissions.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}

# What the command of a sandbox was started with can be read inside it.  Podman finds its images and
# its own processes by HOME and XDG_RUNTIME_DIR; without SYSTEMROOT, Windows starts no Python.
NEEDED_BY_COMMANDS = ("PATH", "HOME", "XDG_RUNTIME_DIR")
NEEDED_BY_WINDOWS = ("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "TEMP", "TMP", "USERPROFILE")
CANNOT_FORK = (
    "Python could not fork: the system starts no more processes for you, or has no memory left. "
    "Close other programs, or raise the limit that `ulimit -u` shows, and grade again."
)


class CannotStart(Exception):
    """The sandbox cannot be built: trouble of the grader, not of a submission."""


@dataclass(frozen=True)
class Rules:
    """What a submission may use, and where it runs.

    Attributes
    ----------
    engine : str or list of str
        ``bubblewrap``, ``none``, or the words of a command that runs what follows it; in these
        ``{session}`` and ``{inside}`` stand for two folders that must be readable there.
    memory, disk, file : int
        Megabytes of memory for all processes together, of disk, and for a single file.
    processes : int
        Processes and threads at a time; not limited without a sandbox.
    cpu : int
        Seconds of CPU time for all that is started.
    packages : tuple of str
        The course's own packages, found outside the Python installation.
    hidden : tuple of str
        Folders that must not be seen, wherever they are.
    """

    engine: str | list[str] = "bubblewrap"
    memory: int = 2048
    disk: int = 64
    file: int = 32
    processes: int = 64
    cpu: int = 150
    packages: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def limits(self) -> dict[str, int]:
        """Return the limits of each process, by the names that the system gives them."""
        # One process meets its own limit before, with others that wait, it meets that of all.
        limits = {"AS": self.memory * MEGABYTE * 3 // 4, "FSIZE": self.file * MEGABYTE}
        # The system counts all processes and threads of a user: without a sandbox also those of
        # the instructor's desktop, which alone are more than a submission may have.
        count = {} if self.engine == "none" else {"NPROC": self.processes}
        return {**limits, **count, "CPU": self.cpu, "NOFILE": 512}


def environment(engine: str | list[str], windows: bool = os.name == "nt") -> dict[str, str]:
    """Return the variables with which an engine is started: as few of the instructor's as work."""
    if not isinstance(engine, str):
        return {name: os.environ[name] for name in NEEDED_BY_COMMANDS if name in os.environ}
    needed = NEEDED_BY_WINDOWS if windows else ()
    return {**{name: os.environ[name] for name in needed if name in os.environ}, **ENVIRONMENT}


RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


def trouble(engine: str | list[str]) -> str:
    """Return why the engine cannot work here, with the cure; nothing if it can."""
    if engine == "none":
        return ""
    if engine != "bubblewrap":
        return "" if shutil.which(engine[0]) else f"{engine[0]} is not installed."
    if sys.platform != "linux":
        return "bubblewrap is there for Linux alone: grade in a Linux virtual machine, or in WSL."
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed: on Debian and Ubuntu, sudo apt install bubblewrap"
    if allow_list() is None:
        return (
            "libseccomp is not installed: on Debian and Ubuntu, sudo apt install libseccomp2; "
            "then, where pyseccomp is missing, pip install pyseccomp"
        )
    trial = [*bubblewrap(Rules(), "/"), "true"]
    given = environment(engine)
    tried = subprocess.run(trial, capture_output=True, check=False, env=given, text=True)
    if tried.returncode == 0:
        return ""
    said = tried.stderr.strip()
    return f'bubblewrap is installed, but does not work here. It says "{said}". {_cure(said)}'


def _cure(said: str) -> str:
    """Return what helps against what bubblewrap says."""
    if "unknown option" in said.lower():
        return "It is too old: version 0.8 is the first that can do what is needed."
    if RESTRICTED.exists() and RESTRICTED.read_text("utf-8").strip() == "1":
        return (
            "This system lets only some programs make namespaces, as Ubuntu does from 24.04 on: "
            "sudo apt install apparmor-profiles, then sudo ln -s "
            "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ and "
            "sudo systemctl reload apparmor"
        )
    return (
        "In a container, namespaces are often forbidden: grade outside of it, or start it with "
        "--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
    )


def bubblewrap(rules: Rules, session: str, cold: bool = False) -> list[str]:
    """Return the command that builds the sandbox and runs in it what follows.

    Nothing is there but the system and Python, read-only, the course's packages, and empty
    folders to write to.
    """
    size = ["--size", str(rules.disk * MEGABYTE)]
    mounts = {"/tmp": [*size, "--tmpfs"], "/home/student": [*size, "--tmpfs"]}
    for folder in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(folder):
            mounts[folder] = ["--symlink", os.readlink(folder)]
        elif os.path.isdir(folder):
            mounts[folder] = ["--ro-bind", folder]
    hidden = [*rules.hidden, str(INSIDE.parent)]  # the system's folders may hold them
    mounts |= {folder: ["--tmpfs"] for folder in hidden if os.path.isdir(folder)}
    etc = [f"/etc/{name}" for name in ("ld.so.cache", "alternatives", "fonts", "localtime")]
    shown = [sys.base_prefix, sys.prefix, *map(location, rules.packages)]
    mounts |= {path: ["--ro-bind", path] for path in [*etc, *shown] if os.path.exists(path)}
    mounts["/run/grading"] = ["--ro-bind", session]
    if cold:
        mounts[str(INSIDE)] = ["--ro-bind", str(INSIDE)]

    bwrap = shutil.which("bwrap") or "bwrap"  # it is started without the instructor's PATH
    words = [bwrap, "--unshare-user", "--unshare-all", "--disable-userns"]
    words += ["--die-with-parent", "--new-session", "--uid", "1000", "--gid", "1000"]
    words += ["--hostname", "sandbox", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        words += ["--setenv", name, value]
    words += ["--setenv", "HOME", "/home/student"]  # user 1000 has no name to find it by
    for path in sorted(mounts, key=lambda path: len(Path(path).parts)):  # outer ones first
        words += [*mounts[path], path]
    words += ["--proc", "/proc", "--dev", "/dev", *size, "--tmpfs", "/dev/shm"]
    # Shared memory of /dev/zero belongs to no process as soon as who filled it has ended.
    words += ["--ro-bind", "/dev/null", "/dev/zero"]
    for path in ["/dev", "/", *(path for path in mounts if mounts[path] == ["--tmpfs"])]:
        words += ["--remount-ro", path]
    return [*words, "--chdir", "/home/student"]


def location(package: str) -> str:
    """Return the file or folder of an importable package."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise CannotStart(f"the package {package!r}, named in the settings, is not installed")
    path = Path(found.origin)
    return str(path.parent if path.name == "__init__.py" else path)


def fingerprint(packages: Iterable[str]) -> str:
    """Return what identifies the content of packages, data files and all."""
    content = hashlib.sha256()
    for package in packages:
        place = Path(location(package))
        for path in sorted(path for path in place.rglob("*") if path.is_file()) or [place]:
            if "__pycache__" not in path.parts:
                content.update(path.read_bytes())
    return content.hexdigest()


class Warm:
    """The parent process from which kernels are forked."""

    def __init__(self, packages: Sequence[str] = ()) -> None:
        paths = [str(Path(location(package)).parent) for package in packages]
        start = f"import sys; sys.path += {paths!r}\n" + START.format(module="warm")
        self.process, self.control = start_with_channel(
            [sys.executable, "-I", "-c", start],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env=ENVIRONMENT,
        )
        # Where Matplotlib remembers the fonts. Told so, it is in no /proc/*/environ.
        places = {"HOME": os.path.expanduser("~"), "MPLCONFIGDIR": os.environ.get("MPLCONFIGDIR")}
        send(self.control, {name: place for name, place in places.items() if place})

    def fork(self, told: dict[str, Any]) -> None:
        """Fork a kernel into a sandbox."""
        send(self.control, told)
        reply = receive(self.control, seconds=120)
        if "error" in reply:
            raise CannotStart(reply["error"])
