"""What apps above this one do when something of the lists has happened.

``on_export_settled``: an export has its file, or there will be none. Called once for each, in the
transaction that notes it.
"""

from collections.abc import Callable

from portal.lists.models import ExportJob

Settled = Callable[[ExportJob], None]

_settled: list[Settled] = []


def on_export_settled(act: Settled) -> None:
    """Add what is to be done; called once from the higher app's AppConfig.ready."""
    if act not in _settled:
        _settled.append(act)


def export_settled(job: ExportJob) -> None:
    """Do it. The job carries what was noted about it."""
    for act in _settled:
        act(job)
