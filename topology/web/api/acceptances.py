"""Waivers: what a workspace decided to live with, by whom, why and until when."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from topology.models import AcceptanceRow
from topology.web import accepting
from topology.web.api.base import OfWorkspace, Rows
from topology.web.api.problems import Unprocessable


class Acceptance(serializers.ModelSerializer[AcceptanceRow]):
    """Something that is accepted until its last day."""

    names = serializers.DictField(help_text="What names the thing in every reading.")
    has_ended = serializers.SerializerMethodField()

    class Meta:
        model = AcceptanceRow
        fields = (
            "id",
            "kind",
            "title",
            "names",
            "owner",
            "reason",
            "expires",
            "has_ended",
            "made_by",
            "created",
        )

    def get_has_ended(self, row: AcceptanceRow) -> bool:
        """Whether it is past its last day."""
        return row.expires < timezone.now().date()


class NewAcceptance(serializers.Serializer[Any]):
    """A thing of the latest reading by its names, and who accepts it until when."""

    kind = serializers.ChoiceField(choices=("loop", "finding", "gap"))
    fingerprint = serializers.CharField(
        required=False, max_length=16, help_text="Of a loop or finding."
    )
    call = serializers.CharField(
        required=False, max_length=200, help_text="Of a gap, as in lambda.list_functions."
    )
    region = serializers.CharField(required=False, max_length=100, help_text="Of a gap.")
    resource = serializers.CharField(required=False, max_length=2048, help_text="Of a gap.")
    owner = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=2000)
    expires = serializers.DateField(help_text="The last day, within a year from now.")


class AcceptanceFilter(FilterSet):
    """By kind."""

    class Meta:
        model = AcceptanceRow
        fields = ("kind",)


class Acceptances(OfWorkspace, Rows[AcceptanceRow]):
    """What a workspace accepts."""

    scopes = {"POST": Scope.CHANGE}
    serializer_class = Acceptance
    filterset_class = AcceptanceFilter
    queryset = AcceptanceRow.objects.none()

    def get_queryset(self) -> QuerySet[AcceptanceRow]:
        """The workspace's own."""
        return self.space.acceptances.all()

    @extend_schema(
        summary="What is accepted, what has ended too",
        tags=["acceptances"],
        responses=Acceptance(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(Acceptance(found, many=True).data)

    @extend_schema(
        summary="Accept a loop, finding or gap of the latest reading until a day",
        tags=["acceptances"],
        request=NewAcceptance,
        responses={201: Acceptance},
    )
    def post(self, request: Request, slug: str) -> Response:
        """What was read is judged anew."""
        new = NewAcceptance(data=request.data)
        new.is_valid(raise_exception=True)
        given = {name: str(value) for name, value in new.validated_data.items()}
        if (chosen := accepting.thing(self.space, given)) is None:
            raise Unprocessable("The latest reading has no such thing that could be accepted.")
        said = (given["owner"], given["reason"], given["expires"])
        try:
            row = accepting.accept(self.space, self.person, chosen, *said)
        except accepting.RefusedError as error:
            raise Unprocessable(str(error)) from error
        where = reverse("api:acceptance", args=[slug, row.pk])
        headers = {"Location": request.build_absolute_uri(where)}
        return Response(Acceptance(row).data, status=201, headers=headers)


class OneAcceptance(OfWorkspace):
    """Something that is accepted."""

    scopes = {"DELETE": Scope.CHANGE}

    @extend_schema(summary="An acceptance", tags=["acceptances"], responses=Acceptance)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """One of the workspace's own."""
        return Response(Acceptance(get_object_or_404(self.space.acceptances, pk=pk)).data)

    @extend_schema(summary="Accept it no longer", tags=["acceptances"], responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """What was read is judged anew."""
        accepting.withdraw(get_object_or_404(self.space.acceptances, pk=pk), self.person)
        return Response(status=204)
