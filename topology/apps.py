"""The graph of events, and everything that fills and reads it."""

from __future__ import annotations

from django.apps import AppConfig


class Topology(AppConfig):
    """The app."""

    name = "topology"
