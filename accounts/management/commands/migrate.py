"""Django's ``migrate``, which sees the rows of every workspace: they all change their shape."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from accounts.row_security import unbounded


class Command(migrate.Command):
    """As Django's, behind no wall."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate."""
        with unbounded():
            super().handle(*args, **options)
