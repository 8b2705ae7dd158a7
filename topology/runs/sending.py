"""Messages to workers: they only say where to look."""

from __future__ import annotations

from celery import current_app
from django.db import transaction


def send(task: str, key: int, after: float = 0) -> None:
    """Tell a worker, once what it will look for is committed, or some seconds ``after``.

    A broker that is away loses nothing: ``start_due`` sends again, and what it sent before and
    nobody took by then is dropped.
    """
    transaction.on_commit(
        lambda: current_app.send_task(
            task, (key,), expires=120, retry=False, countdown=after or None
        ),
        robust=True,
    )
