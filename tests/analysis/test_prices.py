"""The dated list of prices, and its renewal from AWS's own."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from topology.analysis import meters
from topology.analysis.prices import PricesError, packaged, parse, renewed, services, to_text

TODAY = date(2026, 11, 23)


def offer(*rows: tuple[str, str]) -> dict[str, object]:
    """A price list of AWS with products of (usage type, dollars)."""
    products = {
        f"SKU{n}": {"attributes": {"usagetype": usage}} for n, (usage, _) in enumerate(rows)
    }
    terms = {
        f"SKU{n}": {f"T{n}": {"priceDimensions": {"D": {"pricePerUnit": {"USD": dollars}}}}}
        for n, (_, dollars) in enumerate(rows)
    }
    return {"products": products, "terms": {"OnDemand": terms}}


def test_every_price_says_where_it_is_from_and_what_it_is_for():
    prices = packaged()
    assert prices.as_of <= TODAY
    assert re.fullmatch(r"[a-z]+-[a-z]+-\d", prices.region)
    for price in prices.prices.values():
        assert price.source.startswith("https://aws.amazon.com/")
        assert price.title
        assert price.unit
        assert bool(price.service) is bool(price.usage)


def test_every_charge_has_a_price():
    charged = {meter for rows in meters.PUT.values() for meter, _ in rows}
    charged |= {meter for meter, _ in meters.DELIVERED.values()}
    assert charged <= packaged().prices.keys()


def test_it_survives_its_own_file():
    assert parse(to_text(packaged())) == packaged()
    assert to_text(parse(to_text(packaged()))) == to_text(packaged())


def test_its_age_is_in_days():
    assert packaged().age(date.fromordinal(packaged().as_of.toordinal() + 40)) == 40
    assert packaged().age(date(2000, 1, 1)) == 0


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        "{}",
        '{"schema": "other/1"}',
        '{"schema": "loopscope.prices/1"}',
        to_text(packaged()).replace('"low": 2e-07', '"low": -1'),
        to_text(packaged()).replace('"low": 2e-07', '"low": NaN'),
        to_text(packaged()).replace(str(packaged().as_of), "yesterday"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(broken):
    with pytest.raises(PricesError):
        parse(broken)


def test_a_renewal_takes_the_cheapest_and_the_dearest_and_skips_what_is_free():
    lists = {
        "AWSQueueService": offer(
            ("EUW1-Requests-Tier1", "0.0000000000"),
            ("EUW1-Requests-Tier1", "0.0000004000"),
            ("EUW1-Requests-FIFO-Tier1", "0.0000005000"),
            ("EUW1-DataTransfer-Out-Bytes", "0.09"),
        )
    }
    fresh = renewed(packaged(), lists, "eu-west-1", TODAY, "https://pricing.example")
    sqs = fresh.prices["sqs_request"].dollars
    assert (sqs.low, sqs.high) == (4e-7, 5e-7)
    assert (fresh.region, fresh.as_of) == ("eu-west-1", TODAY)


def test_a_renewal_keeps_what_no_list_names_and_says_so():
    lists = {"AWSLambda": offer(("USE1-Request", "0.0000003"), ("Lambda-GB-Second", "0.00002"))}
    fresh = renewed(packaged(), lists, "us-east-1", TODAY, "https://pricing.example")
    assert fresh.prices["lambda_request"].dollars.low == 3e-7
    assert fresh.prices["s3_put"] == packaged().prices["s3_put"]
    assert "s3_put" in fresh.kept
    assert "lambda_request" not in fresh.kept
    assert parse(to_text(fresh)).kept == fresh.kept


def test_provisioned_and_edge_functions_are_not_taken_for_requests():
    lists = {
        "AWSLambda": offer(
            ("USE1-Lambda-Provisioned-GB-Second", "9"),
            ("USE1-Lambda-GB-Second-ARM", "0.0000133334"),
            ("USE1-Lambda-GB-Second", "0.0000166667"),
            ("USE1-Lambda-Edge-Request", "9"),
        )
    }
    fresh = renewed(packaged(), lists, "us-east-1", TODAY, "https://pricing.example")
    seconds = fresh.prices["lambda_gb_second"].dollars
    assert (seconds.low, seconds.high) == (1.33334e-5, 1.66667e-5)


@pytest.mark.parametrize("lists", [{}, {"AWSLambda": offer()}, {"AWSLambda": {"products": {}}}])
def test_a_renewal_that_finds_nothing_is_refused(lists):
    with pytest.raises(PricesError):
        renewed(packaged(), lists, "us-east-1", TODAY, "https://pricing.example")


@pytest.mark.parametrize(
    "other", [[], {"products": []}, {"products": {"A": {}}}, json.loads('{"products": {"A": 1}}')]
)
def test_a_list_of_another_form_is_refused(other):
    with pytest.raises(PricesError, match="another form"):
        renewed(packaged(), {"AWSLambda": other}, "us-east-1", TODAY, "https://pricing.example")


def test_it_names_the_lists_it_needs():
    assert services(packaged())[:2] == ("AWSCloudTrail", "AWSEvents")
