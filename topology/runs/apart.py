"""An analysis in a process of its own, which takes the memory it needed along when it ends.

Beside crawls it stayed with the worker, for whatever they make meanwhile lies in between, and they
stood still while one thread reckoned.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from time import monotonic

from django.conf import settings

from accounts.models import Workspace
from topology.lineage import inherited

GLANCE = 20.0  # seconds between two renewals of the lease
PATIENCE = 3600.0  # seconds an analysis may take
PROGRAM = "topology.management.analysing"


class DiedError(Exception):
    """The process ended without having kept an analysis."""


def analyse_apart(workspace: Workspace) -> None:
    """Have what is latest of a workspace analysed, holding its lease; raise ``DiedError``."""
    began = monotonic()
    with subprocess.Popen(  # noqa: S603 (our own arguments)
        [sys.executable, "-m", PROGRAM, str(workspace.pk)],
        env=inherited(settings.BASE_DIR),
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the worker, and it goes with the worker
    ) as process:
        while (ended := _waited(process)) is None:
            workspace.renew_analysis()
            if monotonic() - began > PATIENCE:
                process.kill()
    if ended < 0:
        raise DiedError(f"its process was ended by {signal.Signals(-ended).name}")
    if ended:
        raise DiedError(f"its process ended with {ended}")


def _waited(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(GLANCE)
    except subprocess.TimeoutExpired:
        return None
