"""Crawls: asked for, and what came of each."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import NumberFilter
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from topology import runs
from topology.models import Run, RunPart
from topology.web import run_history
from topology.web.api.base import OfWorkspace, Rows
from topology.web.api.paging import BEYOND, Number
from topology.web.api.problems import Unprocessable


class PartRow(serializers.ModelSerializer[RunPart]):
    """The crawl of one Region."""

    class Meta:
        model = RunPart
        fields = ("region", "state", "calls_done", "calls_planned", "doing", "reason")
        extra_kwargs = {"doing": {"help_text": "The call that AWS answered last."}}


class RunRow(serializers.ModelSerializer[Run]):
    """What the database knows of a crawl."""

    account = serializers.IntegerField(source="aws_account_id")
    parts = PartRow(many=True)

    class Meta:
        model = Run
        fields = (
            "id",
            "account",
            "state",
            "scheduled_for",
            "started",
            "finished",
            "moment",
            "attempts",
            "reason",
            "parts",
        )
        extra_kwargs = {"moment": {"help_text": "The number of the reading that it published."}}


class CrawlRow(serializers.Serializer[run_history.Row]):
    """A crawl of one account, and what came of it."""

    run = RunRow()
    took = serializers.CharField(help_text="In words; empty while it goes on.")
    calls = serializers.IntegerField(help_text="Requests that AWS answered.")
    gaps = serializers.IntegerField(help_text="What could not be read.")
    appeared = serializers.IntegerField(help_text="Resources and edges that were new or changed.")
    ended = serializers.IntegerField(help_text="Those that were no longer what they were.")


class CrawlFilter(FilterSet):
    """By account and state."""

    account = NumberFilter(
        field_name="aws_account",
        label="The `id` of an account.",
        min_value=1,
        max_value=BEYOND,
        decimal_places=0,
    )

    class Meta:
        model = Run
        fields = ("state",)


class Asked(serializers.Serializer[Any]):
    """Which account to crawl."""

    account = Number(help_text="The `id` of an account of this workspace.")


class Crawls(OfWorkspace, Rows[Run]):
    """The crawls of a workspace."""

    scopes = {"POST": Scope.CRAWL}
    filterset_class = CrawlFilter
    queryset = Run.objects.none()

    def get_queryset(self) -> QuerySet[Run]:
        """The workspace's own."""
        return Run.objects.filter(aws_account__workspace=self.space)

    @extend_schema(summary="Crawls, newest first", tags=["crawls"], responses=CrawlRow(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        found = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(_told(found or []))

    @extend_schema(
        summary="Ask for a crawl; while one is to be done, that is the one",
        tags=["crawls"],
        request=Asked,
        responses={202: CrawlRow},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Ask for it."""
        given = Asked(data=request.data)
        given.is_valid(raise_exception=True)
        connected = self.space.aws_accounts.filter(disconnected=None)
        found = connected.filter(pk=given.validated_data["account"]).first()
        if found is None:
            raise Unprocessable("This workspace reads no such account.")
        run = runs.request(found)
        self.record("asked for a crawl of", str(found))
        where = request.build_absolute_uri(reverse("api:crawl", args=[slug, run.pk]))
        return Response(_told([run])[0], status=202, headers={"Location": where})


class OneCrawl(OfWorkspace):
    """A crawl."""

    @extend_schema(summary="A crawl", tags=["crawls"], responses=CrawlRow)
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """One of the workspace's own."""
        mine = Run.objects.filter(aws_account__workspace=self.space)
        return Response(_told([get_object_or_404(mine, pk=pk)])[0])


def _told(some: list[Run]) -> list[dict[str, Any]]:
    found = Run.objects.filter(pk__in=[run.pk for run in some]).prefetch_related("parts")
    return [dict(CrawlRow(row).data) for row in run_history.told(found.order_by("-pk"))]
