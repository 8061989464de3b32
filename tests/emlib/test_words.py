"""Words: every sentence that emlib's checks, guesses and steppers show can be translated.

In a pseudo-translation each message stands in brackets.  What stands outside of them was written
where no translator finds it.
"""

import gettext
import importlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from emlib import BinomialMixture, GaussianMixture, Tosses, exercises, guess, run_em, words
from emlib.checks import errors, phrases
from emlib.checks.judge import judge
from emlib.checks.read import as_values
from emlib.checks.report import Outcome, Report
from emlib.steppers import climb, complete_likelihood, jensen, runs, stepper, stills
from emlib.steppers.program import WEB
from emlib.steppers.program import messages as live_messages
from key import writing
from tests.pseudo import CLOSE, OPEN, Pseudo, bare
from tests.slowly import slowly

ROOT = Path(__file__).resolve().parents[2]
WITH_CONSTANTS = (
    phrases,
    errors,
    guess,
    runs,
)  # messages that are looked up when emlib is imported


@pytest.fixture(scope="module")
def pseudo():
    """Let emlib speak in the pseudo-translation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "translation", Pseudo())
        kept = [dict(vars(module)) for module in WITH_CONSTANTS]
        for module in WITH_CONSTANTS:
            spoken = importlib.util.module_from_spec(module.__spec__)
            module.__spec__.loader.exec_module(spoken)
            texts = {n: v for n, v in vars(spoken).items() if isinstance(v, str | dict)}
            vars(module).update({n: v for n, v in texts.items() if n.isupper()})
        yield
        for module, names in zip(WITH_CONSTANTS, kept, strict=True):
            vars(module).update(names)


def test_bare_words_are_found():
    assert bare("⟦It says ⟦so⟧ here⟧: `code` 3.5, A, $\\theta$") == []
    assert bare("⟦Hint 1⟧ of ⟦it⟧") == ["of"]
    assert bare("`em`: not yet") == ["not", "yet"]


EXERCISES = {
    f"{notebook}-{name}": exercise
    for notebook in writing.NOTEBOOKS
    for name, exercise in writing.exercises(notebook).items()
}
CARDS = {
    f"{notebook}-{name}": getattr(getattr(exercises, notebook), name)
    for notebook in writing.NOTEBOOKS
    for name in writing.exercises(notebook)
}


def students(card, exercise):
    """Yield functions that are wrong in every way that a card, or a check, has words for.

    A card knows only digests of what mistakes give, the exercise knows the rest.
    """

    def known(function):
        results = {}
        for arguments in card.examples:
            try:
                results[str(arguments)] = function(*arguments)
            except Exception as error:
                results[str(arguments)] = error

        def student(*arguments):
            result = results[str(arguments)]
            if isinstance(result, Exception):
                raise result
            return result

        return student

    def right(*arguments):
        return as_values(card.outputs, card.answer(*arguments))

    # The words of a mistake are the same however it was made.
    mistakes = {(mistake.says, mistake.part): mistake for mistake in exercise.mistakes}.values()
    yield from map(known, (mistake.gives for mistake in mistakes if not mistake.part))
    yield from [print, 3, lambda: 0, lambda *x: None, lambda *x: 7, lambda *x: [][1], lambda *x: {}]
    for i in range(len(card.outputs)):
        for spoil in (
            lambda value: None,
            lambda value: "x",
            lambda value: [1, None],
            lambda value: np.zeros((2, 7)),
            lambda value: value + 1,
            lambda value: value * np.nan,
            lambda value: value.round(1),
            *(lambda _, m=m: m for m in mistakes if m.part == card.outputs[i].name),
        ):

            def spoiled(*arguments, i=i, spoil=spoil):
                values = [*right(*arguments)]
                new = spoil(values[i])
                values[i] = new.gives(*arguments) if hasattr(new, "gives") else new
                return values if len(values) > 1 else values[0]

            yield known(spoiled)
    yield known(lambda *x: right(*x) if len(card.outputs) > 1 else right(*x)[0])


@pytest.mark.parametrize("name", slowly(CARDS, "jensen-noise_level", "how_sure-leap"))
def test_a_report_holds_no_bare_word(name, pseudo):
    card, outcomes = CARDS[name], set()
    messages = {one.says for one in (*card.mistakes, *card.parts)}
    messages |= {output.shape for output in card.outputs}
    of_the_card = sorted(messages - {""}, key=len, reverse=True)
    for function in students(card, EXERCISES[name]):
        report = judge(card, function)
        outcomes.add(report.outcome)
        assert not bare(report.text()), report.text()
        said = " ".join(report.says)
        for message in of_the_card:  # all of it within brackets of its own
            said = said.replace(f"{OPEN}{message}{CLOSE}", "")
        assert not [message for message in of_the_card if message in said], said
    assert outcomes >= {Outcome.ERROR, Outcome.NOT_YET, Outcome.PASSED}


@pytest.mark.parametrize("name", CARDS)
def test_a_hint_holds_no_bare_word(name, pseudo, capsys):
    for level in range(1, len(CARDS[name].hints) + 1):
        CARDS[name].hint(level)
        told = capsys.readouterr().out
        assert not bare(told) and f"{OPEN}{CARDS[name].hints[level - 1]}{CLOSE}" in told


@pytest.mark.parametrize("outcome", Outcome)
def test_the_heading_of_a_grade_holds_no_bare_word(outcome, pseudo):
    assert not bare(Report("f", outcome, points=1.0, worth=2.0).heading)


def test_a_stand_in_is_told_without_bare_words(pseudo, capsys):
    CARDS["start_here-share_of_heads"].yours(None, print)
    assert not bare(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("said", "right"),
    [(None, 1.0), ("x", 1.0), (1.0, 1.0), (0.2, 1.0), (3.0, 1.0), ("b", "b"), ("a", "b")],
)
def test_a_guess_is_answered_without_bare_words(said, right, pseudo, capsys):
    guess.compare(said, right)
    assert not bare(capsys.readouterr().out)


TOSSES = Tosses([5, 9, 8, 4, 7], flips=10)
MANY = Tosses(np.arange(30) % 11, flips=10)
POINTS = np.array([[0.0, 1.0], [1.0, 0.5], [5.0, 4.0], [6.0, 5.5], [5.5, 4.5]])
SHOWN = {
    "coins": lambda: stepper(run_em(BinomialMixture([0.6, 0.5]), TOSSES)),
    "many rows": lambda: stepper(run_em(BinomialMixture([0.6, 0.5]), MANY)),
    "one coin": lambda: stepper(run_em(BinomialMixture([0.6]), Tosses([5], flips=10))),
    "climb": lambda: climb(run_em(BinomialMixture([0.6, 0.5]), TOSSES)),
    "climb of one coin": lambda: climb(run_em(BinomialMixture([0.6, 0.5]), TOSSES), coin=0),
    "labels": lambda: complete_likelihood(TOSSES, [0, 1, 1, 0, 1]),
    "plane": lambda: stepper(run_em(two_gaussians(POINTS), POINTS)),
    "line": lambda: stepper(run_em(two_gaussians(POINTS[:, :1]), POINTS[:, :1])),
}


def two_gaussians(points):
    """Return a start that does not collapse."""
    d = points.shape[1]
    return GaussianMixture([0.5, 0.5], points[[0, -1]], np.stack([np.eye(d)] * 2))


@pytest.mark.parametrize("name", SHOWN)
def test_a_stepper_holds_no_bare_word(name, pseudo, monkeypatch):
    figures, draw = [], stills._draw
    monkeypatch.setattr(stills, "_draw", lambda *x: figures.append(x[0]) or draw(*x))
    monkeypatch.setattr(stills, "_ending", lambda run: "", raising=False)
    shown = SHOWN[name]()
    assert not bare(shown.picture.alt), shown.picture.alt
    assert not bare(runs.STILL_NOTE)
    (figure,) = figures
    assert isinstance(figure, Figure)
    for text in figure.findobj(Text):
        assert not bare(text.get_text()), text


def test_a_jensen_stepper_is_alive(pseudo):
    assert jensen().html()  # its still picture is one of emlib.plots


def test_without_a_translation_the_messages_stand_as_they_are(monkeypatch):
    monkeypatch.setattr(words, "translation", gettext.NullTranslations())
    assert words._("not yet") == "not yet" and words._("") == ""
    assert words.ngettext("{n} row", "{n} rows", 1) == "1 row"
    assert words.ngettext("{n} row", "{n} rows", 3) == "3 rows"


def test_a_translator_finds_every_message_and_what_is_translated_is_read(tmp_path):
    """With the commands of CONTRIBUTING.md."""

    def babel(*options):
        command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300)
        assert done.returncode == 0, done.stderr

    template, where = str(tmp_path / "emlib.pot"), ["-d", str(tmp_path), "-D", "emlib"]
    babel("extract", "-F", "kit/babel.cfg", "-o", template, ".")
    babel("init", "-l", "de", "-i", template, *where)
    file = tmp_path / "de" / "LC_MESSAGES" / "emlib.po"
    text = file.read_text(encoding="utf-8")
    # Each message begins with "? " in this language.
    text = re.sub(r'(?m)^msgid (.*\n(?:".*\n)*)msgstr ""$', _asked, text)
    file.write_text(text, encoding="utf-8")
    babel("compile", *where)
    told = gettext.translation("emlib", tmp_path, languages=["de"])
    texts = [*map(_texts, map(vars, (phrases, errors, guess))), [runs.STILL_NOTE]]
    shown = [text.strip("⟦⟧") for some in texts for text in some]  # if they speak in pseudo now
    for card in CARDS.values():
        shown += [*card.hints, *(output.shape for output in card.outputs)]
        shown += [one.says for one in (*card.mistakes, *card.parts) if one.says]
        names = [output.name for output in card.outputs]
        shown += [part.name for part in card.parts if part.name not in names]
    for entry in {path.stem for path in WEB.glob("*.js")}:
        shown += live_messages(entry)
    messages = set(shown)
    assert len(messages) > 500
    assert [one for one in messages if told.gettext(one) != f"? {one}"] == []


def _texts(names):
    """Yield the messages among the constants of a module."""
    for name, value in names.items():
        values = value.values() if isinstance(value, dict) and name.isupper() else [value]
        texts = [one[1] if isinstance(one, tuple) else one for one in values]
        yield from (text for text in texts if isinstance(text, str) and name.isupper())


def _asked(entry):
    """Translate an entry of a catalogue, but for its head."""
    message = entry[1]
    if message.startswith('""') and message.count("\n") == 1:
        return entry[0]
    start = message.index('"', 2) if message.startswith('""') else 0
    return f'msgid {message}msgstr "? "\n{message[start:].rstrip()}'
