"""Links to frozen reports, for people without an account: made, listed, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from topology import runs
from topology.models import Share
from topology.reports.parts import NotThereError
from topology.runs import sharing
from topology.web.api.base import OfWorkspace, Rows
from topology.web.api.problems import Unprocessable


class ShareRow(serializers.ModelSerializer[Share]):
    """A link, without what opens it."""

    has_passcode = serializers.SerializerMethodField()
    is_open = serializers.SerializerMethodField()

    class Meta:
        model = Share
        fields = (
            "id",
            "about",
            "made_by",
            "created",
            "expires",
            "revoked",
            "is_open",
            "has_passcode",
            "views",
            "last_view",
            "misses",
        )
        extra_kwargs = {"misses": {"help_text": "Wrong passcodes so far."}}

    def get_has_passcode(self, row: Share) -> bool:
        """Whether the link alone is not enough."""
        return bool(row.passcode)

    def get_is_open(self, row: Share) -> bool:
        """Whether it still opens."""
        is_open = row.revoked is None and row.expires > timezone.now()
        return is_open and not row.workspace.shares_suspended


class NewShare(serializers.Serializer[Any]):
    """What to freeze, and for how long."""

    loop = serializers.CharField(required=False, max_length=16, help_text="One, by fingerprint.")
    account = serializers.CharField(required=False, max_length=12, help_text="One, by number.")
    days = serializers.IntegerField(
        min_value=1, max_value=sharing.LONGEST.days, default=sharing.USUAL.days
    )
    passcode = serializers.CharField(required=False, max_length=100)
    plain = serializers.BooleanField(
        default=False, help_text="Show account ids and names as they are; else they are masked."
    )


class MadeShare(ShareRow):
    """A link as it is told once."""

    link = serializers.CharField(help_text="What to hand out. It is not told again.")

    class Meta(ShareRow.Meta):
        fields = (*ShareRow.Meta.fields, "link")  # type: ignore[assignment]


class Shares(OfWorkspace, Rows[Share]):
    """The links of a workspace."""

    scopes = {"POST": Scope.CHANGE}
    heavy = frozenset({"POST"})
    serializer_class = ShareRow
    queryset = Share.objects.none()

    def get_queryset(self) -> QuerySet[Share]:
        """The workspace's own."""
        return self.space.shares.defer("page").select_related("workspace")

    @extend_schema(summary="Links, newest first", tags=["shares"], responses=ShareRow(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        found = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ShareRow(found, many=True).data)

    @extend_schema(
        summary="Freeze a report, and make a link to it that is told once",
        tags=["shares"],
        request=NewShare,
        responses={201: MadeShare},
    )
    def post(self, request: Request, slug: str) -> Response:
        """The link."""
        new = NewShare(data=request.data)
        new.is_valid(raise_exception=True)
        given = new.validated_data
        wanted = runs.Wanted(
            given.get("loop", ""), given.get("account", ""), masks=not given["plain"]
        )
        lasts, passcode = timedelta(days=given["days"]), given.get("passcode", "")
        try:
            made, token = runs.share(
                self.space, self.person, wanted, lasts=lasts, passcode=passcode
            )
        except NotThereError as error:
            raise Unprocessable(str(error)) from error
        address = request.build_absolute_uri(reverse("shared", args=[made.public_id]))
        where = reverse("api:share", args=[slug, made.pk])
        headers = {"Location": request.build_absolute_uri(where)}
        told = {**ShareRow(made).data, "link": f"{address}#{token}"}
        return Response(told, status=201, headers=headers)


class OneShare(OfWorkspace):
    """A link."""

    scopes = {"DELETE": Scope.CHANGE}

    @extend_schema(summary="A link", tags=["shares"], responses=ShareRow)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """One of the workspace's own."""
        return Response(ShareRow(get_object_or_404(self.space.shares.defer("page"), pk=pk)).data)

    @extend_schema(summary="Revoke a link at once", tags=["shares"], responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """It stays in the list, to tell who looked."""
        sharing.revoke(get_object_or_404(self.space.shares, pk=pk), self.person)
        return Response(status=204)
