"""People, workspaces, and the AWS accounts they connect."""

from __future__ import annotations

from django.apps import AppConfig


class Accounts(AppConfig):
    """The app."""

    name = "accounts"

    def ready(self) -> None:
        from accounts import row_security

        row_security.watch_connections()
