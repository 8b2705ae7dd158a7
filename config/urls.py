"""Addresses: the pages have them all."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("topology.web.urls"))]
