"""What the text alternatives of the still pictures say of a run, in words."""

from __future__ import annotations

from emlib.driver.run import Run
from emlib.palette import component_name
from emlib.words import _, ngettext


def moves(run: Run) -> str:
    """Say where every coin's theta starts and ends."""
    theta, k = run.trace("theta"), run.model.k
    words = _("theta {name} goes from {first:.3f} to {last:.3f}")
    return ", ".join(
        words.format(name=component_name(j, k), first=theta[0, j], last=theta[-1, j])
        for j in range(k)
    )


def ending(run: Run) -> str:
    """Say how the log-likelihood went and why the run stopped."""
    words = _(
        "The log-likelihood climbs from {first:.3f} to {last:.3f} nats. EM stopped ({reason}): "
        "{message}."
    )
    ends = {"first": run[0].log_likelihood, "last": run.log_likelihood}
    return words.format(**ends, reason=run.reason, message=run.message)


def coin(j: int, k: int) -> str:
    """Name coin j of k."""
    return _("coin {name}").format(name=component_name(j, k))


def coins(k: int) -> str:
    """Say how many coins there are."""
    return ngettext("{n} coin", "{n} coins", k)


def rows(n: int) -> str:
    """Say how many rows there are."""
    return ngettext("{n} row", "{n} rows", n)


def iterations(run: Run) -> str:
    """Say how many iterations a run made."""
    return ngettext("{n} iteration", "{n} iterations", len(run) - 1)


def gaussians(k: int) -> str:
    """Say how many Gaussians there are."""
    return ngettext("{n} Gaussian", "{n} Gaussians", k)
