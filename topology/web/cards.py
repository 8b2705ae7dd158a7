"""What a link to a page looks like where somebody pastes it: its kind of page, and never a name.

Whoever draws the card has no login and is answered the page of sign-in, or the door of a share;
both say what the address itself says.

Source: https://ogp.me/
"""

from __future__ import annotations

from django.template import Context
from django.urls import Resolver404, resolve
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

KINDS = {  # by the route's name
    "workspace": "Event loops of a workspace",
    "loop": "An event loop",
    "resource": "A resource and what it sets off",
    "account": "Event loops of an AWS account",
    "findings": "Findings beside event loops",
    "map": "A map of events",
    "moments": "Readings of a workspace",
    "moment": "What changed between two readings",
    "what-if": "What would stop an event loop",
    "scenario": "What would stop an event loop",
    "tester": "An event sent through the rules",
    "shared": "A shared report of event loops",
    "join": "An invitation",
}
ABOUT = "Loopscope finds event loops in AWS accounts, and proves them."
TO_READ = {"shared": "Open it with the whole link that you were handed.", "join": ""}
SIGN_IN = "Sign in to read it."


def card(context: Context) -> SafeString:
    """The tags of a page's head, from the address alone: of sign-in, the one it leads on to."""
    route = _route(context)
    title = KINDS.get(route, "")
    to_read = TO_READ.get(route, SIGN_IN) if title else ""
    told = [
        ("property", "og:site_name", "Loopscope"),
        ("property", "og:type", "website"),
        ("property", "og:title", title or "Loopscope"),
        ("property", "og:description", f"{to_read} {ABOUT}".strip()),
        ("name", "twitter:card", "summary"),
    ]
    return format_html_join("\n  ", '<meta {}="{}" content="{}">', told)


def _route(context: Context) -> str:
    request, onward = context.get("request"), context.get("next")
    path = onward if isinstance(onward, str) and onward else getattr(request, "path", "")
    try:
        return resolve(path.partition("?")[0]).url_name or ""
    except Resolver404:
        return ""
