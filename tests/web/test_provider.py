"""Sign-in by a provider: who gets in, by what proof, against a real one over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings as configured
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import people, single_sign_on
from accounts.models import Deed, User
from config.checks import provider_is_whole
from tests.rig.identity import CLIENT, SECRET, Identity, new_key, providing
from tests.web.scene import PASSWORD, Scene

ADA = "ada@example.com"


@pytest.fixture(scope="module")
def _running() -> Iterator[Identity]:
    with providing() as running:
        yield running


@pytest.fixture
def provider(_running: Identity, settings) -> Identity:
    """A provider that knows one person and does nothing wrong, and is the one configured."""
    fresh = Identity(_running.issuer, _running.key)
    vars(_running).update(vars(fresh))
    providers: Any = deepcopy(configured.SOCIALACCOUNT_PROVIDERS)
    providers["openid_connect"]["APPS"][0] |= {
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": fresh.issuer},
    }
    settings.SOCIALACCOUNT_PROVIDERS = providers
    settings.OIDC_ISSUER, settings.OIDC_NAME = fresh.issuer, "Example ID"
    cache.delete(single_sign_on.described())
    return _running


@pytest.fixture
def invited(shop: Scene) -> Scene:
    people.invite(shop.workspace, shop.admin, "operator", "Ada@example.COM")
    return shop


def back(provider: Identity, client: Client, then: str = "") -> str:
    """To the provider and up to the way back, which the browser has not gone yet."""
    sent = client.get(reverse("sign-in-provider"), {"next": then} if then else {})
    assert sent.status_code == 302, sent.content.decode()
    there = urlsplit(provider.visit(sent["Location"]))
    return f"{there.path}?{there.query}"


def sign_in(provider: Identity, client: Client, then: str = ""):
    return client.get(back(provider, client, then))


def who(client: Client) -> str:
    """The name of who is signed in."""
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).username if key else ""


def refused(answer) -> str:
    assert answer.status_code == 403
    return str(answer.context["because"])


def test_who_was_invited_by_address_gets_in_and_has_the_place(provider, invited, client):
    answer = sign_in(provider, client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = User.objects.get(email__iexact=ADA)
    assert who(client) == user.username
    assert not user.has_usable_password()
    assert invited.workspace.memberships.get(user=user).role == "operator"
    assert not invited.workspace.invitations.exists()
    deeds = [(deed.by, deed.did, deed.about) for deed in Deed.objects.order_by("pk")]
    assert deeds[-2:] == [
        (user.username, "joined", "as operator, invited by ada"),
        (user.username, "signed in", "by Example ID"),
    ]


def test_it_sends_a_state_a_nonce_and_a_challenge_that_are_new_each_time(provider, invited):
    for _ in range(2):
        sign_in(provider, Client())
    first, second = provider.asked
    assert first["code_challenge_method"] == "S256"
    assert first["response_type"] == "code"
    assert set(first["scope"].split()) == {"openid", "email"}
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 16
        assert first[name] != second[name]


def test_who_knocks_here_again_and_again_does_not_make_us_knock_at_the_provider(
    provider, shop, client
):
    client.get(reverse("sign-in-provider"))
    provider.calls_itself = "https://id.example.org"  # would be seen if it were asked
    assert client.get(reverse("sign-in-provider")).status_code == 302


def test_a_visitor_adds_nothing_to_what_is_asked(provider, invited, client):
    more = {"scope": "admin", "auth_params": "nonce=mine&prompt=none", "process": "connect"}
    provider.visit(client.get(reverse("sign-in-provider"), more)["Location"])
    assert "prompt" not in provider.asked[0]
    assert provider.asked[0]["nonce"] != "mine"
    assert "admin" not in provider.asked[0]["scope"]


def test_who_was_in_before_is_the_same_person_whatever_the_address_is_now(
    provider, invited, client
):
    sign_in(provider, client)
    before = who(client)
    provider.claims["email"] = "ada@elsewhere.example"
    again = Client()
    assert sign_in(provider, again)["Location"] == "/"
    assert who(again) == before


def test_nothing_of_the_providers_is_kept_but_who_it_is(provider, invited, client):
    sign_in(provider, client)
    (row,) = SocialAccount.objects.all()
    assert row.extra_data == {}
    assert "person-1" not in row.uid
    assert not SocialToken.objects.exists()


def forged(provider: Identity, claims: dict[str, Any]) -> str:
    return provider.sign(claims, new_key())


def tampered(provider: Identity, claims: dict[str, Any]) -> str:
    head, _, signature = provider.sign(claims).split(".")
    body = provider.sign(claims | {"sub": "somebody-else"}).split(".")[1]
    return f"{head}.{body}.{signature}"


def unsigned(provider: Identity, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", "none", {"kid": "one"})


def signed_with_the_public_key(provider: Identity, claims: dict[str, Any]) -> str:
    """RS256's key taken for HS256's secret."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(provider.key.public_key())
    return jwt.encode(claims, public, "HS256", {"kid": "one"})


def of_no_known_key(provider: Identity, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, provider.key, "RS256", {"kid": "two"})


@pytest.mark.parametrize(
    "signed", [forged, tampered, unsigned, signed_with_the_public_key, of_no_known_key]
)
def test_it_takes_no_token_that_the_provider_did_not_sign(provider, invited, client, signed):
    provider.signed = lambda claims: signed(provider, claims)
    assert "could not be verified" in refused(sign_in(provider, client))
    assert not who(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://id.example.org"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"azp": "another-client"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"sub": None},
        {"nonce": "of another sign-in"},
        {"nonce": None},
    ],
    ids=str,
)
def test_it_takes_no_token_that_proves_something_else(provider, invited, client, claims):
    provider.claims |= claims
    assert "could not be verified" in refused(sign_in(provider, client))
    assert not who(client)


def test_it_takes_no_word_of_a_provider_that_calls_itself_something_else(provider, client, shop):
    provider.calls_itself = "https://id.example.org"
    assert "does not answer" in refused(client.get(reverse("sign-in-provider")))


@pytest.mark.parametrize("verified", [False, "false", None])
def test_an_address_that_nobody_verified_is_nobodys(provider, invited, client, verified):
    provider.claims["email_verified"] = verified
    assert "verified" in refused(sign_in(provider, client))
    assert not who(client)


def test_the_address_may_come_from_the_user_info_of_the_same_person(provider, invited, client):
    provider.claims |= {"email": None, "email_verified": None}
    provider.info = {"sub": "person-2", "email": ADA, "email_verified": True}
    assert "could not be verified" in refused(sign_in(provider, client))
    provider.info["sub"] = "person-1"
    assert sign_in(provider, client)["Location"] == "/"


def test_who_was_not_invited_stays_outside(provider, shop, client):
    people.invite(shop.workspace, shop.admin, "viewer", "somebody@example.com")
    assert "Nobody has invited" in refused(sign_in(provider, client))
    assert not User.objects.filter(email__iexact=ADA).exists()


def test_addresses_of_some_domains_need_no_invitation(provider, shop, client, settings):
    settings.OIDC_DOMAINS = ["ample.com"]
    assert "Nobody has invited" in refused(sign_in(provider, client))
    settings.OIDC_DOMAINS = ["example.com"]
    assert sign_in(provider, client)["Location"] == "/"
    assert not User.objects.get(email__iexact=ADA).workspaces.exists()


def test_the_link_of_an_invitation_is_one_whatever_address_it_was_made_for(provider, shop, client):
    link = reverse("join", args=[people.invite(shop.workspace, shop.admin, "viewer")])
    assert "Example ID" in client.get(link).content.decode()
    assert sign_in(provider, client, link)["Location"] == link
    assert client.post(link)["Location"] == "/"
    assert shop.workspace.memberships.filter(user__email__iexact=ADA).exists()
    other = reverse("join", args=["made-up"])
    provider.claims |= {"sub": "person-2", "email": "eve@example.com"}
    assert "Nobody has invited" in refused(sign_in(provider, Client(), other))


def test_nobody_becomes_somebody_who_is_here_unless_the_server_links_by_address(
    provider, invited, client, settings
):
    vera = invited.viewer
    User.objects.filter(pk=vera.pk).update(email="ADA@example.com")
    assert "already" in refused(sign_in(provider, client))
    settings.OIDC_LINKS_BY_EMAIL = True
    assert sign_in(provider, client)["Location"] == "/"
    assert who(client) == "vera"


def test_an_address_that_two_people_have_links_to_neither(provider, invited, client, settings):
    settings.OIDC_LINKS_BY_EMAIL = True
    User.objects.filter(pk__in=[invited.viewer.pk, invited.stranger.pk]).update(email=ADA)
    assert "already" in refused(sign_in(provider, client))


def test_a_closed_account_stays_closed(provider, invited, client):
    sign_in(provider, client)
    User.objects.filter(email__iexact=ADA).update(is_active=False)
    assert "closed" in refused(sign_in(provider, Client()))


def test_an_answer_counts_once_and_in_the_browser_that_asked(provider, invited, client):
    answer = back(provider, client)
    assert "belongs to no sign-in" in refused(Client().get(answer))
    assert client.get(answer)["Location"] == "/"
    assert "belongs to no sign-in" in refused(client.get(answer))
    assert "belongs to no sign-in" in refused(client.get(reverse("sign-in-provider-back")))


def test_a_code_of_somebody_else_does_not_go_with_ones_own_challenge(provider, invited, client):
    theirs = back(provider, Client()).partition("code=")[2].partition("&")[0]
    mine = back(provider, client)
    stolen = mine.replace(mine.partition("code=")[2].partition("&")[0], theirs)
    assert "could not be verified" in refused(client.get(stolen))


def test_who_ends_it_at_the_provider_is_told_that_nothing_happened(provider, invited, client):
    provider.denies = True
    assert "Nothing has happened" in refused(sign_in(provider, client))


def test_a_provider_that_is_not_there_is_told_of(provider, client, shop, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://127.0.0.1:9"
    )
    assert "does not answer" in refused(client.get(reverse("sign-in-provider")))


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_it_sends_nobody_elsewhere_afterwards(provider, invited, client, then):
    assert sign_in(provider, client, then)["Location"] == "/"


def test_the_sign_in_page_offers_what_there_is(provider, shop, client, settings):
    page = client.get("/sign-in/").content.decode()
    assert "Example ID" in page
    assert 'name="password"' in page
    settings.PASSWORDS = False
    assert 'name="password"' not in client.get("/sign-in/").content.decode()
    given = {"username": "vera", "password": PASSWORD}
    assert client.post("/sign-in/", given).status_code == 403
    assert not who(client)
    link = reverse("join", args=[people.invite(shop.workspace, shop.admin, "viewer")])
    assert 'name="password1"' not in client.get(link).content.decode()
    new = {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(link, new).status_code == 403
    assert not User.objects.filter(username="eve").exists()


def test_without_a_provider_there_is_none_to_go_to(shop, client):
    assert client.get(reverse("sign-in-provider")).status_code == 404
    assert client.get(reverse("sign-in-provider-back")).status_code == 404
    assert "Sign in by" not in client.get("/sign-in/").content.decode()


def test_a_provider_that_is_half_configured_is_an_error(settings):
    assert provider_is_whole() == []
    settings.OIDC_ISSUER = "http://id.example.com"
    assert {each.id for each in provider_is_whole()} == {"loopscope.E004", "loopscope.E005"}
    settings.OIDC_ISSUER, settings.PASSWORDS = "", False
    assert [each.id for each in provider_is_whole()] == ["loopscope.W003"]
