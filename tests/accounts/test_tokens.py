"""API tokens: hashed, for one workspace, within a role, and over when they should be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from accounts import opaque, people, tokens
from accounts.access import workspace_or_404, workspaces
from accounts.models import ApiToken, Deed, Membership, Role, Scope, User, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return member("ada", "shop", Role.ADMIN)


@pytest.fixture
def vera(ada):
    return member("vera", "shop", Role.VIEWER)


def member(name, slug, role):
    workspace, _ = Workspace.objects.get_or_create(slug=slug, defaults={"name": slug})
    user, _ = User.objects.get_or_create(username=name)
    return Membership.objects.create(user=user, workspace=workspace, role=role)


def test_a_million_tokens_are_all_different():
    assert len({opaque.new_token() for _ in range(1_000_000)}) == 1_000_000


def test_a_token_is_recognised_and_kept_nowhere(ada):
    made, token = tokens.make(ada, "pipeline", [Scope.CRAWL])
    assert token.startswith("lsc_")
    assert tokens.bearer(token) == made
    assert made.scopes == ["crawl", "read"]
    kept = [*ApiToken.objects.values_list(), *Deed.objects.values_list()]
    assert token[len(made.hint) :] not in repr(kept)


@pytest.mark.parametrize(
    "token", ["", "null", "lsc_", "{token}", "a" * 10_000, "\0", "é", "\ud800"]
)
def test_a_token_nobody_made_is_none(ada, token):
    tokens.make(ada, "pipeline", [])
    assert tokens.bearer(token) is None


def test_an_old_or_revoked_token_lets_nobody_in(ada):
    _, old = tokens.make(ada, "old", [], timedelta(days=1))
    revoked, token = tokens.make(ada, "revoked", [])
    ApiToken.objects.filter(name="old").update(expires=timezone.now() - timedelta(seconds=1))
    tokens.revoke(revoked, ada.user)
    assert tokens.bearer(old) is tokens.bearer(token) is None
    assert Deed.objects.filter(did="revoked the API token").count() == 1


def test_tokens_end_with_the_membership_and_do_not_come_back_with_it(ada, vera):
    _, token = tokens.make(vera, "pipeline", [])
    people.remove(vera, ada.user)
    assert tokens.bearer(token) is None
    member("vera", "shop", Role.VIEWER)
    assert tokens.bearer(token) is None


def test_a_person_who_may_not_sign_in_has_no_token_that_works(ada):
    _, token = tokens.make(ada, "pipeline", [])
    User.objects.update(is_active=False)
    assert tokens.bearer(token) is None


@pytest.mark.parametrize("scope", [Scope.CRAWL, Scope.CHANGE])
def test_a_viewer_gives_away_nothing_but_reading(vera, scope):
    with pytest.raises(tokens.RefusedError, match="viewer"):
        tokens.make(vera, "pipeline", [scope])
    tokens.make(vera, "pipeline", [Scope.READ])


def test_a_token_opens_its_own_workspace_and_no_other_of_its_person(ada):
    member("ada", "elsewhere", Role.ADMIN)
    made, _ = tokens.make(ada, "pipeline", [])
    assert workspace_or_404(ada.user, "shop", token=made) == ada.workspace
    assert list(workspaces(ada.user, made)) == [ada.workspace]
    with pytest.raises(Http404):
        workspace_or_404(ada.user, "elsewhere", token=made)


def test_somebody_sees_their_own_tokens_and_an_admin_everybodys(ada, vera):
    for each in (ada, vera, member("ada", "elsewhere", Role.ADMIN)):
        tokens.make(each, "pipeline", [])
    assert [each.member for each in tokens.visible(vera.workspace, vera.user)] == [vera]
    assert [each.member for each in tokens.visible(ada.workspace, ada.user)] == [ada, vera]


def test_it_notes_when_a_token_was_used_at_most_once_a_minute(ada):
    made, token = tokens.make(ada, "pipeline", [])
    tokens.bearer(token)
    made.refresh_from_db()
    first = made.last_used
    assert first is not None
    tokens.bearer(token)
    made.refresh_from_db()
    assert made.last_used == first


def test_a_member_has_fifty_at_most(ada, monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 1)
    tokens.make(ada, "one", [])
    with pytest.raises(tokens.RefusedError, match="revoke one first"):
        tokens.make(ada, "two", [])
