"""People, workspaces, and the AWS accounts they connect."""

from __future__ import annotations

from django.apps import AppConfig


class Accounts(AppConfig):
    """The app."""

    name = "accounts"
