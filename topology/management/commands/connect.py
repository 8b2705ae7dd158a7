"""``loopscope connect``: the accounts of an organisation, each by a role with an id of its own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import connecting, row_security
from accounts.models import Workspace
from topology import crawl
from topology.catalog import reading_role
from topology.management import aws_options

STACK_INSTANCE = (
    "aws cloudformation create-stack-instances --stack-set-name loopscope --regions us-east-1 "
    "--accounts {account} --parameter-overrides ParameterKey=ExternalId,ParameterValue={id}"
)


class Command(BaseCommand):
    """Connect every active account of an organisation, or of some of its units."""

    help = "connect the accounts of an organisation to a workspace"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which workspace, which accounts, and by which role."""
        parser.add_argument("workspace", help="its short name, as in the address: shop")
        parser.add_argument(
            "--organization", action="store_true", required=True, help="ask AWS Organizations"
        )
        parser.add_argument("--unit", action="append", default=[], help="only below this unit")
        parser.add_argument(
            "--without", action="append", default=[], help="leave out this account or unit"
        )
        parser.add_argument(
            "--role", default=reading_role.NAME, help="its name in every account (%(default)s)"
        )
        aws_options.add(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output: a command that makes the role, per account; others to error."""
        with row_security.across():
            space = Workspace.objects.filter(slug=options["workspace"]).first()
        if space is None:
            raise CommandError(f"There is no workspace {options['workspace']!r}.")
        with row_security.within(space):
            self._connect(space, options)

    def _connect(self, space: Workspace, options: dict[str, Any]) -> None:
        reached = aws_options.connection(options)
        try:
            identity = crawl.identify(reached)
            found = crawl.members(reached, identity, options["unit"], options["without"])
        except crawl.CrawlError as error:
            raise CommandError(str(error)) from error
        for member in found:
            try:
                account = connecting.by_role(
                    space,
                    member.id,
                    options["role"],
                    name=member.name,
                    partition=identity.partition,
                    regions=options["regions"],
                )
            except connecting.RefusedError as error:
                self.stderr.write(f"left out {member.name}: {error}")
                continue
            self.stdout.write(
                STACK_INSTANCE.format(account=account.account_id, id=account.external_id)
            )
        self.stderr.write(f"{len(found)} active accounts. Make the stack set first: see the docs.")
