"""The Celery application.

Source: https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html
"""

from __future__ import annotations

import os
import time
from threading import Thread
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

PARENT = "LOOPSCOPE_PARENT"  # process id of whoever must not be outlived
GLANCE = 1.0  # seconds between two looks at it

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("loopscope")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _die_with_parent(**_: Any) -> None:
    """A command killed outright cannot stop its children, so they look for it themselves."""
    if PARENT in os.environ:
        Thread(target=_watch, args=(int(os.environ[PARENT]),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(GLANCE)
    os._exit(1)  # leases run out and are taken up again: nothing needs to be said goodbye to


worker_init.connect(_die_with_parent)
beat_init.connect(_die_with_parent)
