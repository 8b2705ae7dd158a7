"""``loopscope invite``: a link for somebody's first or further workspace."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import DatabaseError
from django.urls import reverse

from accounts import people, row_security
from accounts.models import Role, Workspace


class Command(BaseCommand):
    """Print an invitation's link, and make the workspace where it does not exist."""

    help = "print a link by which somebody joins a workspace, once"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which workspace, as what, and where the site is."""
        parser.add_argument("workspace", help="its short name, as in the address: shop")
        parser.add_argument("--name", help="what a new workspace is called on its pages")
        parser.add_argument(
            "--role", choices=Role.values, default=Role.ADMIN, help="what the person may do"
        )
        parser.add_argument("--email", default="", help="to remember whom the link is for")
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000", help="address of the site (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output."""
        slug = options["workspace"]
        try:
            validate_slug(slug)
            with row_security.across():
                space, _ = Workspace.objects.get_or_create(
                    slug=slug, defaults={"name": options["name"] or slug}
                )
            with row_security.within(space):
                token = people.invite(space, None, options["role"], options["email"])
        except ValidationError as error:
            raise CommandError(f"{slug!r} is no short name: letters, digits, - and _.") from error
        except DatabaseError as error:
            raise CommandError("There is no database yet: `loopscope migrate` first.") from error
        self.stdout.write(options["url"].rstrip("/") + reverse("join", args=[token]))
