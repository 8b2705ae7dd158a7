"""Addresses: the pages have them all, the API beside them."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("topology.web.api.urls")),
    path("", include("topology.web.urls")),
]
handler500 = "topology.web.api.problems.server_error"
