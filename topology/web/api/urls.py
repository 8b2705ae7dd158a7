"""Addresses of the API."""

from __future__ import annotations

from django.urls import path, re_path

from topology.web.api import (
    acceptances,
    accounts,
    crawls,
    documents,
    graph,
    loops,
    moments,
    reports,
    shares,
    supposing,
    tester,
)

app_name = "api"
OF = "workspaces/<slug:slug>"

urlpatterns = [
    path("", documents.page, name="page"),
    path("openapi.json", documents.OpenApi.as_view(), name="openapi"),
    path("report.schema.json", documents.ReportSchema.as_view(), name="report-schema"),
    path("workspaces", accounts.Workspaces.as_view(), name="workspaces"),
    path(f"{OF}", accounts.OneWorkspace.as_view(), name="workspace"),
    path(f"{OF}/accounts", accounts.Accounts.as_view(), name="accounts"),
    path(f"{OF}/accounts/<int:pk>", accounts.OneAccount.as_view(), name="account"),
    path(f"{OF}/crawls", crawls.Crawls.as_view(), name="crawls"),
    path(f"{OF}/crawls/<int:pk>", crawls.OneCrawl.as_view(), name="crawl"),
    path(f"{OF}/loops", loops.Loops.as_view(), name="loops"),
    path(f"{OF}/loops/<slug:fingerprint>", loops.OneLoop.as_view(), name="loop"),
    path(f"{OF}/findings", loops.Findings.as_view(), name="findings"),
    path(f"{OF}/gaps", loops.Gaps.as_view(), name="gaps"),
    path(f"{OF}/resources", graph.Resources.as_view(), name="resources"),
    path(f"{OF}/resources/<slug:key>", graph.OneResource.as_view(), name="resource"),
    path(f"{OF}/edges", graph.Edges.as_view(), name="edges"),
    path(f"{OF}/acceptances", acceptances.Acceptances.as_view(), name="acceptances"),
    path(f"{OF}/acceptances/<int:pk>", acceptances.OneAcceptance.as_view(), name="acceptance"),
    path(f"{OF}/shares", shares.Shares.as_view(), name="shares"),
    path(f"{OF}/shares/<int:pk>", shares.OneShare.as_view(), name="share"),
    path(f"{OF}/scenarios", supposing.Scenarios.as_view(), name="scenarios"),
    path(f"{OF}/scenarios/<int:pk>", supposing.OneScenario.as_view(), name="scenario"),
    path(f"{OF}/what-if", supposing.WhatIf.as_view(), name="what-if"),
    path(f"{OF}/tester", tester.Tester.as_view(), name="tester"),
    path(f"{OF}/moments", moments.Moments.as_view(), name="moments"),
    path(f"{OF}/moments/<int:number>", moments.OneMoment.as_view(), name="moment"),
    path(f"{OF}/report", reports.Report.as_view(), name="report"),
    path(f"{OF}/report/<slug:form>", reports.ReportFile.as_view(), name="report-file"),
    path(f"{OF}/graph/<slug:form>", reports.Graph.as_view(), name="graph"),
    re_path(r"^[\s\S]+\Z", documents.Nowhere.as_view(), name="nowhere"),
]
