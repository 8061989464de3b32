"""Settings of grading, written in nbgrader_config.py as ``c.Grading.name = value``."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from traitlets import Bool, Float, Integer, List, Unicode, Union
from traitlets.config import LoggingConfigurable

from grading.engine import Rules, fingerprint, location, trouble
from grading.limits import Budget

NO_SANDBOX = """
======================================================================================
NO SANDBOX. The settings ask for none.
Students' code will run as you: it can read and change your files and use the network.
Checks stay in a process of their own, but hidden tests and answers are among your files:
grade only work of people you trust, or grade in a virtual machine.
======================================================================================
"""


class RefusesRoot(Exception):
    """Grading as root was not allowed."""


class NoSandbox(Exception):
    """The sandbox that the settings ask for does not work here."""


class Grading(LoggingConfigurable):
    """What a submission may use, and how it is graded."""

    engine = Union(
        [Unicode(), List(Unicode())],
        default_value="bubblewrap",
        help="bubblewrap, none, or a command that runs what follows it, such as podman's.",
    ).tag(config=True)
    packages = List(
        Unicode(), help="The course's own packages, if they are not installed with Python's."
    ).tag(config=True)
    trusted_packages = List(
        Unicode(), help="Packages that checks import and students must not see: an answer key."
    ).tag(config=True)
    as_root = Bool(False, help="Grade even as root, whom no limit on processes binds.").tag(
        config=True
    )
    everything = Bool(
        False, help="Run released cells too on which no check and no answer depends."
    ).tag(config=True)
    only_show = List(
        Unicode(), help="Functions that do no more than print: for them alone no cell need run."
    ).tag(config=True)
    memory = Integer(2048, help="Megabytes of memory for a submission.").tag(config=True)
    disk = Integer(64, help="Megabytes a submission may write.").tag(config=True)
    processes = Integer(64, help="Processes of a submission at a time.").tag(config=True)
    seconds = Float(60.0, help="Time for all of a student's cells, and again for checks.").tag(
        config=True
    )
    cell_seconds = Float(20.0, help="Time for one cell.").tag(config=True)
    call_seconds = Float(15.0, help="Time for one call of a student's function.").tag(config=True)

    def job(self, hidden: list[str]) -> dict[str, Any]:
        """Return the part of a job that says what it may use.

        Raises
        ------
        RefusesRoot
            If started as root without permission.
        NoSandbox
            If the sandbox does not work here.
        """
        if hasattr(os, "geteuid") and os.geteuid() == 0 and not self.as_root:
            raise RefusesRoot(
                "Grading as root is refused: no limit on processes binds root. Grade as an "
                "ordinary user, or set c.Grading.as_root = True where there is no other user."
            )
        rules = Rules(
            engine=self.working_engine(),
            memory=self.memory,
            disk=self.disk,
            processes=self.processes,
            cpu=int(2 * self.seconds) + 30,
            packages=tuple(self.packages),
            hidden=tuple(hidden),
        )
        budget = Budget(self.seconds, self.seconds, self.cell_seconds, self.call_seconds)
        return {
            "rules": asdict(rules),
            "budget": asdict(budget),
            "plan": {"everything": self.everything, "only_show": sorted(self.only_show)},
            "trusted": {
                "paths": [str(Path(location(name)).parent) for name in self.trusted_packages],
                "digest": fingerprint(self.trusted_packages),
            },
        }

    def working_engine(self) -> str | list[str]:
        """Return the engine; warn loudly if it is none.

        Raises
        ------
        NoSandbox
            If it does not work here.
        """
        if self.engine == "none":
            self.log.warning(NO_SANDBOX)
        elif why := trouble(self.engine):
            raise NoSandbox(
                f"There is no sandbox, so nothing was graded. {why}\nTo grade without one, work "
                'of people you trust: c.Grading.engine = "none" in nbgrader_config.py.'
            )
        return self.engine
