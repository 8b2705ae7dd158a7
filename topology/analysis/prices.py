"""What AWS charges: a dated list of public prices, and how AWS's own price list renews it.

Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources as files
from math import isfinite
from typing import Any

from topology.analysis.assumptions import Span

SCHEMA = "loopscope.prices/1"
OLD = 180  # days after which a page says that the prices are old


class PricesError(ValueError):
    """A list of prices that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per ``unit``. ``service`` and ``usage`` (a regular expression over usage types) find
    it in AWS's price list; without them it is not renewed."""

    meter: str
    title: str
    unit: str
    dollars: Span
    source: str
    service: str = ""
    usage: str = ""


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices of one Region at one date."""

    as_of: date
    region: str
    source: str
    prices: Mapping[str, Price]
    kept: tuple[str, ...] = ()  # meters that the last renewal did not find

    def age(self, today: date) -> int:
        """Days; 0 for a list from the future."""
        return max((today - self.as_of).days, 0)


@cache
def packaged() -> PriceList:
    """The list that comes with Loopscope."""
    return parse(files.files("topology.analysis").joinpath("prices.json").read_text("utf-8"))


def parse(text: str) -> PriceList:
    """A list of prices from its file. Raises PricesError."""
    try:
        known = json.loads(text)
        if known["schema"] != SCHEMA:
            raise PricesError(f"it is no {SCHEMA} but {str(known['schema'])[:60]!r}")
        prices = {meter: _price(meter, row) for meter, row in sorted(known["prices"].items())}
        return PriceList(
            date.fromisoformat(known["as_of"]),
            str(known["region"]),
            str(known["source"]),
            prices,
            tuple(map(str, known.get("kept", ()))),
        )
    except PricesError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PricesError(f"it cannot be understood ({type(error).__name__}: {error})") from error


def to_text(prices: PriceList) -> str:
    """The file's text: the same list, the same bytes."""
    rows = {
        each.meter: {
            "title": each.title,
            "unit": each.unit,
            "low": each.dollars.low,
            "high": each.dollars.high,
            "source": each.source,
            **({"service": each.service, "usage": each.usage} if each.service else {}),
        }
        for each in prices.prices.values()
    }
    document = {
        "schema": SCHEMA,
        "as_of": prices.as_of.isoformat(),
        "region": prices.region,
        "currency": "USD",
        "source": prices.source,
        "kept": list(prices.kept),
        "prices": rows,
    }
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def services(prices: PriceList) -> tuple[str, ...]:
    """The services whose price lists a renewal reads, sorted."""
    return tuple(sorted({each.service for each in prices.prices.values() if each.service}))


def renewed(
    prices: PriceList,
    lists: Mapping[str, Mapping[str, Any]],
    region: str,
    today: date,
    source: str,
) -> PriceList:
    """The same meters with what AWS's lists (by service, as parsed JSON) say of them.

    A meter that no list names keeps its price, and is among ``kept``.
    """
    fresh: dict[str, Price] = {}
    kept: list[str] = []
    for meter, price in prices.prices.items():
        found = sorted(_charged(price, lists.get(price.service, {}))) if price.service else []
        if found:
            dollars = Span(found[0], found[-1])
            fresh[meter] = Price(
                meter, price.title, price.unit, dollars, source, price.service, price.usage
            )
        else:
            fresh[meter] = price
            kept.append(meter)
    if len(kept) == len(fresh):
        raise PricesError("AWS's lists name none of the prices that are needed")
    return PriceList(today, region, source, fresh, tuple(kept))


def _charged(price: Price, offer: Mapping[str, Any]) -> Iterator[float]:
    """Every price of the products that a meter is about, but for what is free."""
    wanted = re.compile(price.usage)
    try:
        for sku, product in offer.get("products", {}).items():
            if wanted.search(str(product["attributes"].get("usagetype", ""))):
                for term in offer["terms"]["OnDemand"].get(sku, {}).values():
                    for dimension in term["priceDimensions"].values():
                        dollars = float(dimension["pricePerUnit"].get("USD", 0))
                        if dollars > 0 and isfinite(dollars):
                            yield dollars
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = (
            f"AWS's list for {price.service} has another form ({type(error).__name__}: {error})"
        )
        raise PricesError(reason) from error


def _price(meter: str, row: Mapping[str, Any]) -> Price:
    dollars = Span(float(row["low"]), float(row["high"]))
    if not 0 <= dollars.low <= dollars.high < 1000:
        raise PricesError(f"the price of {meter} is {dollars.low} to {dollars.high}")
    return Price(
        meter,
        str(row["title"]),
        str(row["unit"]),
        dollars,
        str(row["source"]),
        str(row.get("service", "")),
        str(row.get("usage", "")),
    )
