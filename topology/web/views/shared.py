"""A shared report, as somebody without an account comes to it: a link, a click, the page.

The token stands in the link's fragment, which no browser sends: no log, no history of a proxy and
no Referer ever has it. The click sends it in a body.
"""

from __future__ import annotations

import gzip

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from topology import runs
from topology.reports.page import frame

LONGEST = 200  # characters of a token or a passcode
QUIET = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


@csrf_exempt  # the token in the body is more than any cookie could prove
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, public_id: str) -> HttpResponse:
    """The door, the same for every id; with the right token in a POST, the report."""
    if request.method != "POST":
        return _quietly(render(request, "web/shared.html"))
    token, passcode = request.POST.get("token", ""), request.POST.get("passcode", "")
    packed = None
    if len(token) <= LONGEST and len(passcode) <= LONGEST and "\0" not in public_id:
        packed = runs.opened(public_id, token, passcode)
    if packed is None:
        return _quietly(render(request, "web/shared_gone.html", status=404))
    page = gzip.decompress(packed)
    policy = frame.policy(page.decode()) + "; frame-ancestors 'none'"
    answer = HttpResponse(page, headers={"Content-Security-Policy": policy})
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.content, answer["Content-Encoding"] = packed, "gzip"
    return _quietly(answer)


def _quietly(answer: HttpResponse) -> HttpResponse:
    for name, value in QUIET.items():
        answer[name] = value
    return answer
