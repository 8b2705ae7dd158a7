"""The Celery application.

Source: https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html
"""

from __future__ import annotations

import os
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import beat_init, setup_logging, worker_init
from django.conf import settings

from topology import garbage
from topology.lineage import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("loopscope")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def prepare_to_crawl(**_: Any) -> None:
    """In a worker: have at hand what all of its crawls need."""
    from topology.crawl import session  # brings botocore along, which only workers need

    session.prepare()


def share_rate_limits(**_: Any) -> None:
    """In a worker: two on one Redis ask AWS no faster than one would."""
    from topology.crawl import pace

    if settings.REDIS_URL:
        pace.share(settings.REDIS_URL)


# Its warning to root is about pickle, which is not accepted here: messages are JSON.
warnings.simplefilter("ignore", SecurityWarning)
setup_logging.connect(lambda **_: None, weak=False)  # Django's settings have the last word
worker_init.connect(die_with_parent)
worker_init.connect(garbage.share_heaps)
worker_init.connect(prepare_to_crawl)
worker_init.connect(share_rate_limits)
beat_init.connect(die_with_parent)
