"""The settings of a test run: its own data directory, and other servers where they are named."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

directory = tempfile.mkdtemp(prefix="loopscope-tests-")
atexit.register(shutil.rmtree, directory, ignore_errors=True)

os.environ["LOOPSCOPE_DATA_DIR"] = directory
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)
    if url := os.environ.get(f"LOOPSCOPE_TEST_{name}"):
        os.environ[name] = url

from config import data_directory  # noqa: E402
from config.settings import *  # noqa: E402, F403
from config.settings import DATA_DIR, DATABASES  # noqa: E402

data_directory.prepare(DATA_DIR)
CELERY_TASK_DEFAULT_QUEUE = f"tests-{os.getpid()}"  # test processes share one broker

# Of one process: a test that begins to count anew must not empty what others share.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # slow by design elsewhere
ANALYSE_APART = False  # where a test could not see how it fails; tests/runs/test_apart.py does

if "LOOPSCOPE_TEST_DATABASE_URL" not in os.environ:
    # A file, as in production: threads that share one in memory do not wait for each other.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
