"""``loopscope signin``: a fresh link that signs somebody in, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from accounts.models import User
from topology.management.serving import LOCAL, link


class Command(BaseCommand):
    """Print a one-time sign-in link."""

    help = "print a link that signs you in, once"

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and where the site is."""
        parser.add_argument("--user", default=LOCAL, help="whose link (default: %(default)s)")
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000", help="address of the site (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output."""
        try:
            user = User.objects.filter(username=options["user"], is_active=True).first()
        except DatabaseError as error:
            raise CommandError("There is no database yet: `loopscope explore` first.") from error
        if user is None:
            raise CommandError(f"There is nobody called {options['user']!r}.")
        self.stdout.write(link(user, options["url"].rstrip("/")))
