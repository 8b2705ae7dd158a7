"""The process that ``runs.apart`` starts: ``python -m topology.management.analysing WORKSPACE``."""

from __future__ import annotations

import os
import sys

import django

from topology.lineage import die_with_parent


def main(workspace: int) -> None:
    """Analyse the latest moment of a workspace, by its key."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from accounts.models import Workspace
    from accounts.row_security import fetched
    from topology import runs

    with fetched(Workspace, workspace) as row:
        runs.analyse_here(row)


if __name__ == "__main__":
    die_with_parent()
    main(int(sys.argv[1]))
