"""Workspaces and the AWS accounts they read; how an account is reached is told to nobody here."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import BooleanFilter
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import row_security
from accounts.access import workspaces
from accounts.models import AwsAccount, Workspace
from topology.web import readings
from topology.web.api import scope
from topology.web.api.base import Api, OfWorkspace, Rows


class WorkspaceRow(serializers.ModelSerializer[Workspace]):
    """A workspace by name."""

    role = serializers.SerializerMethodField(help_text="What the caller is there.")

    class Meta:
        model = Workspace
        fields = ("slug", "name", "moment", "role")
        extra_kwargs = {"moment": {"help_text": "How often something was published."}}

    def get_role(self, space: Workspace) -> str:
        """The caller's."""
        mine = space.memberships.filter(user=self.context["request"].user)
        return str(mine.values_list("role", flat=True).get())


class Workspaces(Api, Rows[Workspace]):
    """The caller's."""

    serializer_class = WorkspaceRow
    queryset = Workspace.objects.none()

    @extend_schema(
        summary="Your workspaces; through a token, its own one",
        tags=["workspaces"],
        responses=WorkspaceRow(many=True),
    )
    def get(self, request: Request) -> Response:
        """A page of them."""
        with row_security.across():  # the caller's role in each is another row of it
            found = self.paginate_queryset(workspaces(request.user, self.token))
            rows = self.get_serializer(found, many=True).data
        return self.get_paginated_response(rows)


class OneWorkspace(OfWorkspace):
    """A workspace with its scope."""

    @extend_schema(
        summary="A workspace: the verdict of its scope, in words",
        tags=["workspaces"],
        responses={
            200: scope.told(
                workspace={"$ref": "#/components/schemas/WorkspaceRow"},
                loops={"type": "integer", "description": "Listed loops."},
                more_loops={"type": "integer", "description": "Loops that are only counted."},
            )
        },
    )
    def get(self, request: Request, slug: str) -> Response:
        """What home says first."""
        basis = scope.based(self.space)
        return Response(
            {
                "reading": basis.said,
                "workspace": WorkspaceRow(self.space, context={"request": request}).data,
                "loops": len(basis.report.get("loops", ())),
                "more_loops": basis.report.get("more_loops", 0),
            }
        )


class AccountRow(serializers.ModelSerializer[AwsAccount]):
    """An account, and where its crawl stands."""

    next_due = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField(help_text="Where its crawl stands, in words.")
    is_connected = serializers.SerializerMethodField()

    class Meta:
        model = AwsAccount
        fields = (
            "id",
            "account_id",
            "name",
            "partition",
            "regions",
            "evidence",
            "schedule",
            "time_zone",
            "paused",
            "is_connected",
            "next_due",
            "progress",
        )
        extra_kwargs = {
            "regions": {"help_text": "Those that are read; every enabled one where empty."},
            "evidence": {"help_text": "What else may be read: code, runtime."},
        }

    def get_next_due(self, account: AwsAccount) -> str | None:
        """When its schedule asks next."""
        due = account.next_due(timezone.now())
        return due.isoformat() if due else None

    def get_progress(self, account: AwsAccount) -> str:
        """As the pages say it."""
        return str(self.context["progress"].get(account.pk, ""))

    def get_is_connected(self, account: AwsAccount) -> bool:
        """Whether it is still read."""
        return account.disconnected is None


class AccountFilter(FilterSet):
    """By number, and whether it is still read."""

    connected = BooleanFilter(field_name="disconnected", lookup_expr="isnull")

    class Meta:
        model = AwsAccount
        fields = ("account_id", "paused")


class Accounts(OfWorkspace, Rows[AwsAccount]):
    """The accounts of a workspace."""

    serializer_class = AccountRow
    filterset_class = AccountFilter
    queryset = AwsAccount.objects.none()

    def get_queryset(self) -> QuerySet[AwsAccount]:
        """The workspace's own."""
        return self.space.aws_accounts.all()

    @extend_schema(
        summary="Accounts, and where the crawl of each stands",
        tags=["accounts"],
        responses=AccountRow(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(_told(self.space, found or []))


class OneAccount(OfWorkspace):
    """An account."""

    @extend_schema(summary="An account", tags=["accounts"], responses=AccountRow)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """One of the workspace's own."""
        found = get_object_or_404(self.space.aws_accounts, pk=pk)
        return Response(_told(self.space, [found])[0])


def _told(space: Workspace, accounts: list[AwsAccount]) -> list[dict[str, Any]]:
    some = space.aws_accounts.filter(pk__in=[each.pk for each in accounts])
    progress = {each.account.pk: each.words for each in readings.progress(some)}
    return list(AccountRow(accounts, many=True, context={"progress": progress}).data)
