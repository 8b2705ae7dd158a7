"""Regions: the enabled ones unless some are wanted, and a clear line for one that is not."""

from __future__ import annotations

import pytest

from topology import crawl
from topology.crawl import CrawlError

LISTED = {
    "Regions": [
        {"RegionName": "us-east-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"},
        {"RegionName": "eu-west-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"},
        {"RegionName": "af-south-1", "RegionOptStatus": "DISABLED"},
        {"RegionName": "il-central-1", "RegionOptStatus": "ENABLED"},
    ]
}


@pytest.fixture
def regions(aws, proxy):
    proxy.answer(LISTED, "account.ListRegions")
    return lambda *wanted: crawl.regions(aws.through(proxy.url), aws.identity, wanted)


def test_it_takes_the_enabled_ones_by_default(regions):
    assert regions() == ("eu-west-1", "il-central-1", "us-east-1")


def test_it_takes_those_that_are_wanted_each_once_and_sorted(regions):
    assert regions("us-east-1", "eu-west-1", "us-east-1") == ("eu-west-1", "us-east-1")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("eu-west-l", "Did you mean eu-west-1?"),
        ("mars", "Known: af-south-1, eu-west-1"),
        ("af-south-1", "not enabled in this account"),
    ],
)
def test_a_region_that_cannot_be_read_is_one_clear_line(regions, wanted, said):
    with pytest.raises(CrawlError, match=said) as caught:
        regions("eu-west-1", wanted)
    assert caught.value.code == "unknown-region"


@pytest.mark.parametrize("status", ["ENABLING", "DISABLING"])
def test_a_region_on_its_way_in_or_out_is_read(aws, proxy, status):
    region = {"RegionName": "me-south-1", "RegionOptStatus": status}
    proxy.answer({"Regions": [region]}, "account.ListRegions")
    assert crawl.regions(aws.through(proxy.url), aws.identity) == ("me-south-1",)


def test_every_page_of_the_list_is_read(aws, proxy):
    proxy.split("account.ListRegions", 5)
    assert len(crawl.regions(aws.through(proxy.url), aws.identity)) > 10


def test_a_refused_list_names_the_action(aws, proxy):
    proxy.deny("account.ListRegions")
    with pytest.raises(CrawlError, match="account:ListRegions") as caught:
        crawl.regions(aws.through(proxy.url), aws.identity)
    assert caught.value.code == "refused"


def test_named_regions_are_read_where_the_list_is_refused(aws, proxy):
    proxy.deny("account.ListRegions")
    assert crawl.regions(aws.through(proxy.url), aws.identity, ["eu-west-1"]) == ("eu-west-1",)
    with pytest.raises(CrawlError, match="Did you mean eu-west-1"):
        crawl.regions(aws.through(proxy.url), aws.identity, ["eu-vest-1"])


def test_named_regions_are_read_where_the_list_cannot_be_reached(aws, proxy):
    proxy.reset("account.ListRegions")
    assert crawl.regions(aws.through(proxy.url), aws.identity, ["eu-west-1"]) == ("eu-west-1",)
    with pytest.raises(CrawlError) as caught:
        crawl.regions(aws.through(proxy.url), aws.identity)
    assert caught.value.code == "unreachable"
