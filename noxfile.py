"""The chores of the EM notebooks. Start one with: python noxfile.py CHORE [options of the chore]"""

import glob
import hashlib
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile

# Old Pythons must be able to parse this whole file to say the next sentence: hence no annotations,
# no f-strings and no unpacking inside lists here.
if sys.version_info < (3, 11):
    sys.exit(
        "The EM notebooks need Python 3.11 or newer, but this is Python %d.%d: "
        "install a newer one and start the same command with it." % sys.version_info[:2]
    )

ROOT = os.path.dirname(os.path.abspath(__file__))
BUILT = os.path.join(ROOT, ".nox")


def pip_install(python, *arguments):
    """Install packages; return None, or else a sentence that names the trouble and its cure."""
    settings = dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    settings.pop("PYTHONPATH", None)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--retries=2", "--timeout=15"] + list(arguments)
    try:
        subprocess.check_output(command, cwd=ROOT, env=settings, stderr=subprocess.STDOUT)
    except subprocess.CalledProcessError as failure:
        said = failure.output.decode(errors="replace")
        if "No module named pip" in said:
            return "This Python has no pip: install pip for it, then run the same command again."
        if re.search("from versions: none|connection|timed? ?out|incomplete", said, re.IGNORECASE):
            return "Cannot reach the package index: connect, then run the same command again."
        return "pip could not install the packages. It said:\n" + said


def digest(*names):
    """Fingerprint the named files of the project."""
    fingerprint = hashlib.sha256()
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as file:
            fingerprint.update(file.read())
    return fingerprint.hexdigest()[:12]


def check_writable():
    """End with one sentence if nothing can be written here, as on a CD or in another's folder."""
    try:
        os.makedirs(BUILT, exist_ok=True)
        tempfile.TemporaryFile(dir=BUILT).close()
    except OSError as trouble:
        sys.exit(
            "Cannot write into the folder %s: %s. Copy the folder %s to a place where you may "
            "write, and start the same command there." % (BUILT, trouble.strerror, ROOT)
        )


def start():
    """Hand over to the locked nox, which the first start installs beside the project."""
    check_writable()
    runner = os.path.join(BUILT, "runner-" + digest("requirements-nox.lock"))
    if not os.path.isdir(runner):
        fresh = tempfile.mkdtemp(prefix="runner-", dir=BUILT)
        locked = ["--require-hashes", "-r", "requirements-nox.lock"]
        try:
            problem = pip_install(sys.executable, "--target", fresh, *locked)
            if problem:
                sys.exit(problem)
            if not os.path.isdir(runner):  # another start may have been quicker
                os.rename(fresh, runner)  # only once it is whole
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    sys.path.insert(0, runner)
    import nox

    chore, options = sys.argv[1:2], sys.argv[2:]
    if options[:1] == ["--"]:
        options = options[1:]
    sys.argv[1:] = ["--noxfile", os.path.join(ROOT, "noxfile.py")]
    sys.argv += ["--session"] + chore + ["--"] + options if chore else ["--list"]
    nox.main()


if __name__ == "__main__":
    try:
        start()
    except KeyboardInterrupt:
        sys.exit("Interrupted: run the same command again to go on.")

import nox
import virtualenv
from filelock import FileLock

# Talk that helps nobody who starts a chore.
logging.getLogger("nox").addFilter(lambda record: "uv binary" not in record.getMessage())
logging.getLogger("virtualenv").setLevel(logging.WARNING)
logging.getLogger("distlib").setLevel(logging.WARNING)
nox.options.default_venv_backend = "none"  # chores share one environment, see `prepare`
nox.options.sessions = ["tests"]

# Where the locks must hold wheels of everything: tests/project checks that others name the same.
PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]
SYSTEMS = [
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
]


def activate(session, name):
    """Let what the session runs use the environment of that name; return its path and Python."""
    folder = os.path.join(BUILT, "%s-%d.%d" % ((name,) + sys.version_info[:2]))
    programs = os.path.join(folder, "Scripts" if os.name == "nt" else "bin")
    path = programs + os.pathsep + os.environ.get("PATH", os.defpath)
    session.env.update(VIRTUAL_ENV=folder, PATH=path, PYTHONPATH=None, PYTHONHOME=None)
    session.env["OPENBLAS_NUM_THREADS"] = "1"  # for matrices this small, threads only wait
    return folder, os.path.join(programs, "python.exe" if os.name == "nt" else "python")


def create(folder):
    """Make an empty environment; unlike Python's own venv, virtualenv is whole on every Linux."""
    app_data = os.path.join(BUILT, "virtualenv")
    arguments = [folder, "--clear", "--no-periodic-update", "--app-data", app_data]
    virtualenv.cli_run(arguments, setup_logging=False)


def install(session, python, *arguments):
    """Install packages, or end the session with one sentence."""
    problem = pip_install(python, *arguments)
    if problem:
        session.error(problem)


def prepare(session):
    """Bring the shared environment in step with the lock, if it is not; return its Python."""
    return in_step(session, "python", "requirements.lock")


def in_step(session, name, locked):
    """Bring the environment of that name in step with a lock, if it is not; return its Python."""
    folder, python = activate(session, name)
    stamp = os.path.join(folder, "in-step-with")
    wanted = ROOT + "\n" + digest(locked, "pyproject.toml")
    with FileLock(os.path.join(BUILT, "setting-up")):
        if os.path.exists(stamp):
            with open(stamp, encoding="utf-8") as file:
                if file.read() == wanted:
                    return python
        session.log("Setting up; this happens once and takes a few minutes ...")
        create(folder)
        install(session, python, "--require-hashes", "--only-binary=:all:", "-r", locked)
        install(session, python, "--no-index", "--no-build-isolation", "--no-deps", "-e", ".")
        # Builds Matplotlib's font cache, which else announces itself in a student's notebook.
        session.run(python, "-c", "import matplotlib.font_manager", log=False)
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(wanted)
    return python


def check_style(session, python):
    """Run the linters, quickest first."""
    session.run(python, "-m", "ruff", "check")
    session.run(python, "-m", "ruff", "format", "--check")
    session.run(python, "-m", "codespell_lib")
    session.run(python, "-m", "mypy")
    check_front_end(session)


def install_web(session, folder):
    """Install what a folder's package-lock.json names, if it is not; return where it is."""
    locked = [os.path.join(folder, name) for name in ("package.json", "package-lock.json")]
    tools = os.path.join(BUILT, "web-" + digest(*locked))
    with FileLock(os.path.join(BUILT, "setting-up")):
        if not os.path.isdir(tools):
            fresh = tempfile.mkdtemp(prefix="web-", dir=BUILT)
            for name in locked:
                shutil.copy(name, fresh)
            session.run("npm", "ci", "--prefix", fresh, "--no-audit", "--no-fund", silent=True)
            os.rename(fresh, tools)  # only once it is whole
    return os.path.join(tools, "node_modules")


def check_front_end(session):
    """Lint all JavaScript, and type-check the steppers', with tools locked beside these."""
    web = os.path.join("emlib", "steppers", "web")
    tools = install_web(session, web)
    biome = os.path.join(tools, "@biomejs", "biome", "bin", "biome")
    tsc = os.path.join(tools, "typescript", "bin", "tsc")
    more = [("tests", "web"), ("site", "look", "site.js"), ("site", "lite", "editions.js")]
    with session.chdir(web):
        session.run("node", biome, "check", ".", *(os.path.join(ROOT, *path) for path in more))
        session.run("node", tsc, "--project", ".")


def run_pytest(session, python, *arguments):
    """Run pytest on a few cores, each notebook whole on one, apart from the user's settings."""
    settings = os.path.join(BUILT, "settings")
    os.makedirs(settings, exist_ok=True)
    for variable in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        session.env[variable] = os.path.join(settings, variable.lower())
    session.env["PYTHONPATH"] = ROOT  # for `grading` and `key`, which are not installed
    # One more than there are: many tests wait, for a browser, a kernel or a clock.
    workers = min(4, (os.cpu_count() or 1) + 1)
    cores = ["--numprocesses=%d" % workers, "--dist=loadscope"]
    session.run(python, "-m", "pytest", "--nbval", *(cores + list(arguments)))


@nox.session
def lab(session):
    """Open JupyterLab on copies without answers; on the notebooks themselves: lab sources"""
    python, options = prepare(session), list(session.posargs)
    if options[:1] == ["sources"]:
        options, folder = options[1:], "notebooks"
        session.env["PYTHONPATH"] = ROOT  # kernels find what the notebooks' hidden lines import
    else:
        folder = "my-notebooks"
        with FileLock(os.path.join(BUILT, "copying")):
            session.run(python, "-m", "kit.copies", log=False)
        # Beside the user's own settings, these leave out what is for instructors.
        settings = [os.path.join(ROOT, "kit", "jupyter"), os.environ.get("JUPYTER_CONFIG_PATH")]
        session.env["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, settings))
    command = [python, "-m", "jupyterlab"]
    command += ["--LabApp.default_url=/lab/tree/%s/00-start-here.ipynb" % folder]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command += ["--ServerApp.answer_yes=True"]  # the first Ctrl-C ends it, without a question
    session.run(*(command + options), interrupt_timeout=30)


@nox.session
def tests(session):
    """Pass all tests: lint, then pytest. With arguments: only pytest, with these arguments."""
    python = prepare(session)
    if not session.posargs:
        check_style(session, python)
    run_pytest(session, python, *session.posargs)


@nox.session
def slow(session):
    """Pass the tests that take minutes each: every attack, every honest oddity, whole classes."""
    run_pytest(session, prepare(session), "-m", "slow", *session.posargs)


@nox.session
def lint(session):
    """Check style, spelling and types."""
    check_style(session, prepare(session))


@nox.session
def notebooks(session):
    """Re-execute the notebooks and compare their outputs with the saved ones."""
    run_pytest(session, prepare(session), "notebooks", *session.posargs)


@nox.session
def cards(session):
    """Write the cards of the exercises, which students get, from the answer key."""
    session.run(prepare(session), "-m", "key.writing", *session.posargs)


@nox.session
def release(session):
    """Make the archive for students, or release one assignment: release 03b-coin-toss-em"""
    python = prepare(session)
    if session.posargs:
        session.run(python, "-m", "nbgrader", "generate_assignment", *session.posargs)
    else:
        session.run(python, "-m", "kit.archive", log=False)


@nox.session
def solutions(session):
    """Write worked solutions, a page for each notebook or for those you name."""
    session.run(prepare(session), "-m", "kit.solutions", *session.posargs, log=False)


@nox.session
def site(session):
    """Make the website in build/site, or with worked solutions: site solutions"""
    python = prepare(session)
    mathjax = os.path.join(install_web(session, "site"), "mathjax", "es5")
    session.env["PYTHONPATH"] = ROOT
    lite = os.path.join("build", "lite")  # JupyterLite, if it has been built
    session.env["SITE_LITE"] = "yes" if os.path.isdir(lite) else None
    built = os.path.join("build", "site" + "-with-solutions" * ("solutions" in session.posargs))
    source = built + "-source"
    collect = [python, os.path.join("site", "collect.py"), source, mathjax]
    session.run(*(collect + session.posargs), log=False)
    shutil.rmtree(built, ignore_errors=True)
    sphinx = [in_step(session, "site", "requirements-site.lock"), "-m", "sphinx", "--quiet"]
    session.env["PYTHONPATH"] = ROOT
    # Warnings are errors; what Sphinx remembers of a build is not kept.
    sphinx += ["--fail-on-warning", "--keep-going", "--doctree-dir", source + "-read"]
    session.run(*(sphinx + ["--fresh-env", source, built]), log=False)
    if os.path.isdir(lite):
        shutil.copytree(lite, os.path.join(built, "lite"))
    session.run(python, os.path.join("site", "links.py"), built, log=False)
    session.log("Open %s in a browser." % os.path.join(built, "index.html"))


@nox.session
def lite(session):
    """Make the site that runs the notebooks in the reader's browser, in build/lite."""
    python, made = prepare(session), os.path.join(BUILT, "lite")
    output = os.path.abspath((session.posargs or [os.path.join("build", "lite")])[0])
    wheels = os.path.join(BUILT, "wheels-" + digest(os.path.join("site", "lite", "wheels.lock")))
    shutil.rmtree(made, ignore_errors=True)
    session.env["PYTHONPATH"] = ROOT
    session.run(python, os.path.join("site", "lite", "contents.py"), made, log=False)
    if not os.path.isdir(wheels):
        locked = ["--require-hashes", "-r", os.path.join("site", "lite", "wheels.lock")]
        download = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        session.run(python, *(download + ["--dest", wheels + ".part"] + locked), log=False)
        os.rename(wheels + ".part", wheels)  # only once it is whole
    pyodide = os.path.join(install_web(session, os.path.join("site", "lite")), "pyodide")
    lite_python = in_step(session, "lite", "requirements-lite.lock")
    command = [lite_python, os.path.join("site", "lite", "build.py"), "--pyodide", pyodide]
    command += ["--wheels", wheels, "--made", made, "--output", output]
    session.run(*command, log=False)
    session.log("Serve this folder: " + output)


@nox.session
def grade(session):
    """Grade what students handed in, under protection: python noxfile.py grade 03b-coin-toss-em"""
    grading(session)


@nox.session
def collect(session):
    """Take what a learning system let you download: collect 03b-coin-toss-em archive.zip"""
    grading(session, "collect")


@nox.session
def hand_back(session):
    """Write grades and feedback for a learning system: hand_back 03b-coin-toss-em"""
    grading(session, "hand_back")


def grading(session, *words):
    """Run the grader; code 1 says that it did its work, but a human should look."""
    words += tuple(session.posargs)
    session.run(prepare(session), "-m", "grading", *words, success_codes=[0, 1])


@nox.session
def figures(session):
    """Draw the pictures in figs/ anew."""
    session.run(prepare(session), os.path.join("figs", "draw.py"), *session.posargs)


@nox.session
def screenshots(session):
    """Take every picture of every notebook, to look at: in build/screenshots/index.html"""
    session.run(prepare(session), "-m", "tests.browser.screenshots", log=False)


@nox.session
def benchmarks(session):
    """Measure emlib against its peers: each script in benchmarks/, or those you name."""
    scripts = session.posargs or sorted(glob.glob(os.path.join("benchmarks", "*.py")))
    if not scripts:
        session.error("There are no benchmarks yet: put a script into benchmarks/.")
    python = prepare(session)
    session.env["PYTHONPATH"] = ROOT
    for script in scripts:
        session.run(python, script)


@nox.session
def lock(session):
    """Pin all dependencies anew; old pins that still fit stay, unless you add --upgrade."""
    uv = install_uv(session) + ["pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    uv += ["--python-version=3.11", "--fork-strategy=fewest", "--no-emit-index-url"]
    uv += ["--custom-compile-command=python noxfile.py lock"] + session.posargs
    everything = ["--all-extras", "--group=build", "pyproject.toml"]
    session.run(*(uv + everything + ["--output-file=requirements.lock"]))
    session.run(*(uv + ["--group=runner", "--output-file=requirements-nox.lock"]))
    pages = ["--group=build", "--group=site", "pyproject.toml"]
    session.run(*(uv + pages + ["--output-file=requirements-site.lock"]))
    in_browser = ["--group=build", "--group=lite", "pyproject.toml"]
    session.run(*(uv + in_browser + ["--output-file=requirements-lite.lock"]))
    carried = ["--group=carriers", "--no-deps", "--prerelease=if-necessary-or-explicit"]
    session.run(*(uv + carried + ["--output-file=site/lite/wheels.lock"]))


@nox.session
def wheels(session):
    """Say for each Python and system whether the locks hold a wheel of everything; install none."""
    uv = install_uv(session)
    uv += ["pip", "install", "--quiet", "--dry-run", "--no-config", "--only-binary=:all:"]
    uv += ["--target=" + os.path.join(BUILT, "nowhere"), "--require-hashes"]
    locks = ["--requirement=requirements.lock", "--requirement=requirements-nox.lock"]
    missing = []
    for python in PYTHONS:
        for system in SYSTEMS:
            place = ["--python-version=" + python, "--python-platform=" + system]
            said = [
                session.run(*(uv + place + [lock]), silent=True, success_codes=[0, 1, 2], log=False)
                for lock in locks
            ]
            verdict = "".join(said).strip() or "wheels of everything"
            session.log("Python %s, %s: %s" % (python, system, verdict))
            if any(said):
                missing.append(python + " on " + system)
    if missing:
        session.error("The locks cannot be installed on Python " + ", ".join(missing))


@nox.session
def newest(session):
    """Pass the tests with the newest releases of all dependencies."""
    folder, python = activate(session, "newest")
    create(folder)
    install(session, python, "-e", ".[lab,grading,test]", "--group", "build")
    run_pytest(session, python, *session.posargs)


@nox.session
def oldest(session):
    """Pass the tests with the oldest releases that pyproject.toml allows."""
    uv = install_uv(session)
    folder, python = activate(session, "oldest")
    create(folder)
    uv += ["pip", "install", "--quiet", "--python", python]
    session.run(*(uv + ["--resolution=lowest-direct", "-e", ".[lab,grading]"]))
    session.run(*(uv + ["-e", ".[lab,grading,test]", "--group", "build"]))
    run_pytest(session, python, *session.posargs)


@nox.session
def colab(session):
    """Pass the tests of the package with the releases that Google Colab has."""
    folder, python = activate(session, "colab")
    create(folder)
    pins = os.path.join("tests", "project", "colab.txt")
    install(session, python, "-r", pins, "-e", ".[test]")
    # At its import, Colab's jupyter_client reads a date in a way that Python 3.13 warns of.
    quiet = ["-W", "ignore:Parsing dates involving a day of month:DeprecationWarning"]
    run_pytest(session, python, *(quiet + (session.posargs or [os.path.join("tests", "emlib")])))


def install_uv(session):
    """Return the command of uv, which resolves versions for every Python and system at once."""
    folder, python = activate(session, "uv")
    create(folder)
    install(session, python, "uv")
    return [python, "-m", "uv"]
