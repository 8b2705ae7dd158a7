"""The Celery application.

Source: https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html
"""

from __future__ import annotations

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import beat_init, setup_logging, worker_init

from topology.management.children import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("loopscope")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Its warning to root is about pickle, which is not accepted here: messages are JSON.
warnings.simplefilter("ignore", SecurityWarning)
setup_logging.connect(lambda **_: None, weak=False)  # Django's settings have the last word
worker_init.connect(die_with_parent)
beat_init.connect(die_with_parent)
