"""Messages to workers: they only say where to look."""

from __future__ import annotations

from celery import current_app
from django.db import transaction


def send(task: str, key: int) -> None:
    """Tell a worker, once what it will look for is committed.

    A broker that is away loses nothing: ``start_due`` sends again, and what it sent before and
    nobody took by then is dropped.
    """
    transaction.on_commit(
        lambda: current_app.send_task(task, (key,), expires=120, retry=False), robust=True
    )
