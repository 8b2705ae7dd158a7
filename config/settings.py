"""Settings, from the environment only; docs/configuration.md lists the variables."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject

from config import data_directory, databases, logs

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("LOOPSCOPE_DATA_DIR", default=".loopscope")).resolve()

# Read past django-environ, which takes a leading "$" for the name of another variable.
GIVEN_SECRET_KEY = os.environ.get("SECRET_KEY", "")
SECRET_KEY = GIVEN_SECRET_KEY or SimpleLazyObject(partial(data_directory.secret_key, DATA_DIR))
DEBUG = False
HTTPS = env.bool("LOOPSCOPE_HTTPS", default=False)  # whether people reach the site over TLS
ALLOWED_HOSTS = env.list("LOOPSCOPE_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("LOOPSCOPE_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config",
    "accounts",
    "topology",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "topology" / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"signs": "topology.web.signs"},
        },
    },
]
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # nothing to collect before a first start

DATABASES = {
    "default": databases.of_url(
        env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'loopscope.sqlite3'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses before a password is looked at
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # guessing locks nobody else out
AXES_LOCKOUT_TEMPLATE = "web/sign_in_later.html"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the audit log has who signed in
AXES_VERBOSE = False
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds a one-time sign-in link lives

PASSWORDS = env.bool("LOOPSCOPE_PASSWORDS", default=True)  # whether anybody signs in with one
OIDC_ISSUER = env.str("LOOPSCOPE_OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("LOOPSCOPE_OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = os.environ.get("LOOPSCOPE_OIDC_CLIENT_SECRET", "")  # may begin with "$"
OIDC_NAME = env.str("LOOPSCOPE_OIDC_NAME", default="single sign-on")  # on the button
OIDC_DOMAINS = [
    each.lower().lstrip("@") for each in env.list("LOOPSCOPE_OIDC_DOMAINS", default=[])
]  # of addresses that need no invitation
OIDC_LINKS_BY_EMAIL = env.bool("LOOPSCOPE_OIDC_LINKS_BY_EMAIL", default=False)
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.Adapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "accounts.single_sign_on.Provider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }
}
ACCOUNT_EMAIL_VERIFICATION = SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # the provider did it

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

REST_FRAMEWORK = {  # the rest is said in topology/web/api/base.py
    "DEFAULT_THROTTLE_RATES": {
        "caller": env.str("LOOPSCOPE_API_RATE", default="600/min"),
        "heavy": env.str("LOOPSCOPE_API_HEAVY_RATE", default="60/min"),
    },
    "DEFAULT_SCHEMA_CLASS": "topology.web.api.schema.ApiSchema",
    "NUM_PROXIES": 0,  # a header that anybody may write tells nobody apart
    "UNICODE_JSON": False,  # names from AWS may hold what UTF-8 cannot
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Loopscope",
    "DESCRIPTION": "What Loopscope read of the AWS accounts of a workspace, and what it means.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "topology.web.api.described.with_report",
        "topology.web.api.described.with_problems",
    ],
}

KEEP_DAYS = env.int("LOOPSCOPE_KEEP_DAYS", default=90)  # of history; the last state stays
AWS_PROFILES = env.list("LOOPSCOPE_PROFILES", default=[])  # that a page may connect
TRUSTED_PRINCIPAL = env.str("LOOPSCOPE_PRINCIPAL_ARN", default="")  # whom roles let in: us
TEMPLATE_URL = env.str("LOOPSCOPE_TEMPLATE_URL", default="")  # where the role's template is public

BASE_URL = env.str("LOOPSCOPE_BASE_URL", default="")  # for links in alerts
ALERT_NETWORKS = env.list("LOOPSCOPE_ALERT_NETWORKS", default=[])  # receivers beside public ones
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env.str("LOOPSCOPE_MAIL_FROM", default="loopscope@localhost")

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:  # without it every process counts for itself
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "loopscope",
        }
    }
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
if not REDIS_URL:
    CELERY_BROKER_TRANSPORT = "config.file_broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(data_directory.messages(DATA_DIR)),
        "data_folder_out": str(data_directory.messages(DATA_DIR)),
        "control_folder": str(data_directory.control(DATA_DIR)),
        "polling_interval": 0.2,  # seconds
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True  # the truth is in the database
CELERY_WORKER_POOL, CELERY_WORKER_CONCURRENCY = "threads", 4  # a crawl waits for AWS mostly
ANALYSE_APART = True  # in a process of its own (topology/runs/apart.py)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a region is a long task: leave the rest to other workers
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "start what is due": {"task": "topology.start_due", "schedule": 60, "options": {"expires": 55}},
    "hear of changes": {
        "task": "topology.listen_everywhere",
        "schedule": 15,
        "options": {"expires": 14},
    },
    "forget what is old": {"task": "topology.prune", "schedule": crontab(hour="3", minute="30")},
}

LOGGING = logs.to_stderr(env.str("LOOPSCOPE_LOG_LEVEL", default="WARNING", choices=logs.LEVELS))
