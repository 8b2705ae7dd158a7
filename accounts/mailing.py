"""Mail, by the server that ``EMAIL_URL`` names; where it names none, nobody is told that any went.

Source: https://docs.djangoproject.com/en/5.2/topics/email/
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage

NOWHERE = "django.core.mail.backends.dummy.EmailBackend"


class NotSentError(Exception):
    """A mail that no server took; says why in a sentence without anything secret."""


def is_configured() -> bool:
    """Whether there is a server to give mail to."""
    return bool(settings.EMAIL_BACKEND != NOWHERE)


def send(to: str, subject: str, text: str, headers: Mapping[str, str] | None = None) -> None:
    """Give a mail to the server; raise ``NotSentError`` where it does not take it."""
    if not is_configured():
        raise NotSentError("No mail server is configured (EMAIL_URL).")
    line = " ".join(subject.split())  # a name may hold a line's end, which no header may
    mail = EmailMessage(line, text, to=[to], headers=dict(headers or {}))
    try:
        mail.send()
    except (OSError, ValueError) as error:
        raise NotSentError(f"No mail server takes it ({type(error).__name__}).") from error
