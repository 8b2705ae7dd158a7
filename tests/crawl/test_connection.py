"""A connection that cannot be used says so in one line, with what to do and without a secret."""

from __future__ import annotations

import logging
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from topology import crawl
from topology.crawl import Connection, CrawlError


def refusal(connection: Connection) -> CrawlError:
    with pytest.raises(CrawlError) as caught:
        crawl.identify(connection)
    message = str(caught.value)
    assert "\n" not in message
    assert "Traceback" not in message
    assert "testing" not in message  # the secret key every test signs with
    return caught.value


@pytest.fixture
def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_it_says_who_is_reading(aws):
    identity = crawl.identify(aws.connection)
    assert (identity.partition, identity.account) == ("aws", aws.id)
    assert identity.arn.startswith(f"arn:aws:sts::{aws.id}:assumed-role/loopscope/")


def test_an_endpoint_in_the_environment_just_works(aws, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
    connection = replace(aws.connection, endpoint_url="")
    assert crawl.identify(connection).account == aws.id
    observation = crawl.observe(connection, aws.identity, aws.region)
    assert observation.gaps == ()


def test_no_credentials(aws, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = refusal(Connection(endpoint_url=aws.endpoint_url))
    assert error.code == "no-credentials"
    assert "AWS_PROFILE" in str(error)


def test_no_credentials_to_assume_a_role_with(aws, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert refusal(aws.connection).code == "no-credentials"


@pytest.mark.parametrize("code", ["InvalidClientTokenId", "SignatureDoesNotMatch"])
def test_wrong_credentials(proxy, code):
    proxy.error(code, "sts.GetCallerIdentity", status=403)
    error = refusal(Connection(endpoint_url=proxy.url))
    assert error.code == "wrong-credentials"
    assert code in str(error)


def test_expired_credentials(proxy):
    proxy.error("ExpiredToken", "sts.GetCallerIdentity", status=403)
    error = refusal(Connection(endpoint_url=proxy.url))
    assert error.code == "expired-token"
    assert "aws sso login" in str(error)


def test_an_endpoint_nobody_listens_at(proxy, free_port):
    error = refusal(Connection(endpoint_url=f"http://127.0.0.1:{free_port}"))
    assert error.code == "unreachable"
    assert str(free_port) in str(error)


@pytest.mark.parametrize("url", ["nonsense", "http://"])
def test_an_endpoint_that_is_no_url(url):
    assert refusal(Connection(endpoint_url=url)).code == "unreachable"


def test_something_else_answering_in_place_of_aws(proxy):
    proxy.say(b"<html><body>sign in</body></html>")
    error = refusal(Connection(endpoint_url=proxy.url))
    assert error.code == "unreachable"
    assert "not AWS" in str(error)


def test_a_profile_that_does_not_exist():
    error = refusal(Connection(profile="nobody"))
    assert error.code == "profile-not-found"
    assert "nobody" in str(error)
    with pytest.raises(CrawlError):
        crawl.observe(Connection(profile="nobody"), crawl.Identity("aws", "1", ""), "eu-west-1")


def test_a_role_that_is_no_arn():
    error = refusal(Connection(role_arn="loopscope"))
    assert error.code == "wrong-role"
    assert "loopscope" in str(error)
    elsewhere = Connection(role_arn="arn:aws-moon:iam::111122223333:role/loopscope")
    assert refusal(elsewhere).code == "wrong-role"


def test_a_role_that_refuses_us(aws, proxy):
    proxy.deny("sts.AssumeRole")
    error = refusal(aws.through(proxy.url))
    assert error.code == "role-refused"
    assert aws.role_arn in str(error)


def test_a_role_is_assumed_with_its_external_id_and_refuses_another(aws, proxy):
    proxy.require_external_id(aws.role_arn, "right")
    right = replace(aws.through(proxy.url), external_id="right")
    assert crawl.identify(right).account == aws.id
    assert refusal(replace(right, external_id="wrong")).code == "role-refused"
    assert refusal(replace(right, external_id="")).code == "role-refused"


def test_a_role_refused_while_reading_is_gaps_and_no_exception(aws, proxy):
    proxy.deny("sts.AssumeRole")
    observation = crawl.observe(aws.through(proxy.url), aws.identity, aws.region)
    assert {gap.code for gap in observation.gaps} == {"AccessDenied"}
    assert observation.resources == ()


def test_credentials_of_a_role_are_renewed_before_they_expire(aws, proxy):
    seconds_left = datetime.now(UTC) + timedelta(seconds=30)
    keys = {"AccessKeyId": "ASIATEMPORARY", "SecretAccessKey": "s", "SessionToken": "t"}
    proxy.answer({"Credentials": {**keys, "Expiration": seconds_left}}, "sts.AssumeRole")
    crawl.observe(aws.through(proxy.url), aws.identity, aws.region)
    renewed = [request.name for request in proxy.log].count("sts.AssumeRole")
    assert renewed > 1


def test_the_sdks_debug_logs_which_print_secrets_stay_silent(aws):
    logging.getLogger("botocore").setLevel(logging.DEBUG)
    crawl.identify(aws.connection)
    assert not logging.getLogger("botocore.endpoint").isEnabledFor(logging.DEBUG)


def test_credentials_that_became_another_accounts_are_refused(aws):
    planned = crawl.Identity("aws", "999999999999", "arn:aws:iam::999999999999:role/loopscope")
    crawl.must_be(aws.connection, aws.identity)
    with pytest.raises(crawl.CrawlError, match=f"belong to account {aws.id} by now") as refused:
        crawl.must_be(aws.connection, planned)
    assert refused.value.code == "wrong-account"
