"""What moto lacks: every declared read is answered, in its own protocol, by an empty account."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.catalog.test_registry import CALLS
from tests.rig import invented
from topology import crawl
from topology.crawl.ask import ask
from topology.crawl.session import Session
from topology.demo.missing import has

REGION = "eu-west-1"
LACKING = {
    service.name_of(call): (service, call)
    for service, call in CALLS
    if not has(service.client, REGION, invented.operation(service, call).name)
    and service.name_of(call) != "account.list_regions"  # every account has some
}


@pytest.mark.parametrize("name", sorted(LACKING))
def test_a_read_that_moto_lacks_finds_nothing_and_is_whole(aws, name):
    service, call = LACKING[name]
    session, above = Session(aws.connection), invented.asked_for(service, call)
    answer = ask(session, REGION, service, call, invented.HERE, *above)
    assert answer.error is None
    assert answer.pages == 1
    assert call.items is None or answer.items == ()


def test_the_account_has_the_regions_every_account_has(aws):
    regions = crawl.regions(aws.connection, aws.identity)
    assert {"eu-west-1", "us-east-1"} < set(regions)
    assert not {"us-gov-west-1", "cn-north-1", "af-south-2"} & set(regions)


def test_a_service_that_is_not_offered_in_a_region_has_nothing_there():
    assert has("connect", "us-east-1", "ListInstances")
    assert not has("connect", "eu-west-1", "ListInstances")


def test_what_nobody_declared_still_fails(aws):
    lexicon = boto3.client("polly", region_name=REGION, endpoint_url=aws.endpoint_url)
    with pytest.raises(ClientError):
        lexicon.list_speech_synthesis_tasks()
