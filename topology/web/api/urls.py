"""Addresses of the API."""

from __future__ import annotations

from django.urls import path

from topology.web.api import accounts, crawls, documents, loops, reports

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
    path(f"{OF}/report/<slug:form>", reports.Report.as_view(), name="report"),
    path(f"{OF}/graph/<slug:form>", reports.Graph.as_view(), name="graph"),
    path("<path:rest>", documents.Nowhere.as_view(), name="nowhere"),
]
