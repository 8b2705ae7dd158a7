"""The wiring as a Django app, so that its system checks are found."""

from __future__ import annotations

from django.apps import AppConfig


class Wiring(AppConfig):
    """Registers the checks of the configuration."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401 (importing registers them)
