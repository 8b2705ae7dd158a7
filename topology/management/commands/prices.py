"""``loopscope prices``: renew the list of prices from AWS's public one, or show which one holds.

Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.core.management.base import BaseCommand, CommandError, CommandParser

from topology.analysis.prices import OLD, PriceList, PricesError, renewed, services, to_text
from topology.management.writing import write_whole
from topology.runs import pricing

SOURCE = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws"
PATIENCE = 30  # seconds without a byte
MOST = 64 * 1024 * 1024  # bytes of one list
CHUNK = 256 * 1024
HERE = ("127.0.0.1", "localhost", "::1")
ABSENT = (403, 404)  # AWS has no list of that service for that Region


class Command(BaseCommand):
    """Nothing changes unless every list was read whole."""

    requires_system_checks = ()  # they are about the site
    help = "renew the prices that costs are worked out with, from AWS's public price list"

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose prices, and where from."""
        parser.add_argument("--show", action="store_true", help="only say which prices hold")
        parser.add_argument(
            "--region", default="us-east-1", help="the Region to price (default: us-east-1)"
        )
        parser.add_argument(
            "--source", default=SOURCE, metavar="URL", help="a mirror of AWS's price list"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch a list per service and keep the copy; say what it leaves as it was."""
        known = pricing.prices()
        if options["show"]:
            self._show(known)
            return
        region, source = options["region"], options["source"].rstrip("/")
        if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d+", region):
            raise CommandError(f"{region!r} is not the name of a Region.")
        self._check(source)
        lists = {}
        for service in services(known):
            found = self._fetched(service, region, source, known)
            if found is not None:
                lists[service] = found
        try:
            fresh = renewed(known, lists, region, _today(), source)
        except PricesError as error:
            raise CommandError(f"{error}; {_unchanged(known)}.") from error
        write_whole(pricing.copy(), [to_text(fresh).encode()])
        self._show(fresh)

    def _fetched(self, service: str, region: str, source: str, known: PriceList) -> Any:
        url = f"{source}/{service}/current/{region}/index.json"
        try:
            document = b"".join(_read(url))
        except HTTPError as error:
            if error.code in ABSENT:
                self.stderr.write(f"{service}: no list for {region} (HTTP {error.code}).")
                return None
            reason = f"{url} answers HTTP {error.code}"
            raise CommandError(f"{reason}; {_unchanged(known)}.") from error
        except (OSError, HTTPException, _NotWhole) as error:
            reason = _reason(error)
            raise CommandError(f"{url} cannot be read ({reason}); {_unchanged(known)}.") from error
        try:
            found = json.loads(document)
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{url} is not JSON; {_unchanged(known)}.") from error
        self.stderr.write(f"{service}: {len(document):,} bytes.")
        return found

    def _check(self, source: str) -> None:
        parts = urlsplit(source)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in HERE):
            raise CommandError("--source must begin with https:// (or be on this machine).")

    def _show(self, prices: PriceList) -> None:
        age = prices.age(_today())
        old = f", {age} days old" if age else ""
        self.stdout.write(
            f"prices of {prices.region} as of {prices.as_of}{old}, from {prices.source}"
        )
        for price in prices.prices.values():
            low, high = price.dollars.low, price.dollars.high
            kept = "  (kept)" if price.meter in prices.kept else ""
            amount = f"{low:g}" if low == high else f"{low:g} to {high:g}"
            self.stdout.write(f"  {price.title:<34} ${amount} per {price.unit}{kept}")
        if age > OLD:
            self.stdout.write("These prices are old: loopscope prices renews them.")


class _NotWhole(Exception):  # noqa: N818 (caught where it is raised)
    """A list that is longer than any of ours may be, or that ends too soon."""


def _read(url: str) -> Iterator[bytes]:
    """The bytes of a page, up to a limit; whole or not at all."""
    request = Request(url, headers={"User-Agent": "loopscope"})  # noqa: S310 (checked above)
    with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        expected = answer.headers.get("Content-Length")
        if expected and int(expected) > MOST:
            raise _NotWhole(f"it is {int(expected):,} bytes long, more than {MOST:,}")
        total = 0
        while chunk := answer.read(CHUNK):
            total += len(chunk)
            if total > MOST:
                raise _NotWhole(f"it is longer than {MOST:,} bytes")
            yield chunk
        if expected and total != int(expected):
            raise _NotWhole(f"it ends after {total:,} of {int(expected):,} bytes")


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, socket.gaierror):
        return "the name cannot be resolved: is this machine offline?"
    if isinstance(inner, TimeoutError):
        return f"no answer within {PATIENCE} seconds"
    return str(inner) or type(inner).__name__


def _unchanged(known: PriceList) -> str:
    return f"the prices of {known.as_of} stay in use"


def _today() -> date:
    return datetime.now(UTC).date()
