"""Who belongs to a workspace: invitations work once, and somebody always administers it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import people
from accounts.audit_log import record
from accounts.models import Deed, Invitation, Membership, Role, User, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return Workspace.objects.create(slug="shop", name="Web shop")


@pytest.fixture
def ada(shop):
    return member("ada", shop, Role.ADMIN).user


def member(name, workspace, role):
    return Membership.objects.create(
        user=User.objects.create_user(name), workspace=workspace, role=role
    )


def open_invitation(token):
    found = people.invitation(token)
    assert found
    return found


def role_of(user, workspace):
    return Membership.objects.get(user=user, workspace=workspace).role


def test_an_invitation_gives_its_place_once(shop, ada):
    token = people.invite(shop, ada, Role.OPERATOR)
    first, second = User.objects.create_user("bob"), User.objects.create_user("eve")
    assert people.accept(token, first) == shop
    assert people.accept(token, second) is None
    assert role_of(first, shop) == Role.OPERATOR
    assert not shop.memberships.filter(user=second).exists()


def test_the_token_is_kept_nowhere(shop, ada):
    token = people.invite(shop, ada, Role.VIEWER, "bob@example.com")
    kept = [*Invitation.objects.values_list(), *Deed.objects.values_list()]
    assert token not in repr(kept)


@pytest.mark.parametrize("token", ["", "null", "{token}", "a" * 10_000, "\0", "é"])
def test_a_token_nobody_made_is_none(shop, ada, token):
    people.invite(shop, ada, Role.ADMIN)
    assert people.invitation(token) is None
    assert people.accept(token, ada) is None


def test_an_old_or_revoked_invitation_gives_nothing(shop, ada):
    old, revoked = people.invite(shop, ada, Role.VIEWER), people.invite(shop, ada, Role.VIEWER)
    people.revoke(open_invitation(revoked), ada)
    Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    bob = User.objects.create_user("bob")
    assert people.accept(old, bob) is people.accept(revoked, bob) is None


@pytest.mark.parametrize(
    ("had", "invited", "has"),
    [
        (Role.VIEWER, Role.OPERATOR, Role.OPERATOR),
        (Role.OPERATOR, Role.VIEWER, Role.OPERATOR),
        (Role.ADMIN, Role.VIEWER, Role.ADMIN),
    ],
)
def test_a_member_keeps_the_higher_of_two_roles(shop, ada, had, invited, has):
    bob = member("bob", shop, had).user
    people.accept(people.invite(shop, ada, invited), bob)
    assert role_of(bob, shop) == has


def test_somebody_always_administers_a_workspace(shop, ada):
    mine = Membership.objects.get(user=ada)
    with pytest.raises(people.RefusedError, match="only one who administers Web shop"):
        people.change_role(mine, Role.VIEWER, ada)
    with pytest.raises(people.RefusedError):
        people.remove(mine, ada)
    bob = member("bob", shop, Role.VIEWER)
    people.change_role(bob, Role.ADMIN, ada)
    people.remove(mine, bob.user)
    assert [each.user for each in shop.memberships.all()] == [bob.user]


def test_all_that_is_done_is_in_the_log_with_its_names(shop, ada):
    people.accept(people.invite(shop, ada, Role.VIEWER, "bob@example.com"), user("bob"))
    bob = Membership.objects.get(user__username="bob")
    people.change_role(bob, Role.OPERATOR, ada)
    people.remove(bob, ada)
    people.revoke(open_invitation(people.invite(shop, ada, Role.VIEWER)), ada)
    assert [str(each) for each in shop.deeds.order_by("pk")] == [
        "ada invited bob@example.com as viewer",
        "bob joined as viewer, invited by ada",
        "ada changed the role of bob: viewer → operator",
        "ada removed bob, who was operator",
        "ada invited somebody as viewer",
        "ada revoked an invitation to shop as viewer for somebody",
    ]


def user(name):
    return User.objects.create_user(name)


def test_what_was_done_cannot_be_changed(shop, ada):
    record(shop, ada, "did", "this")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Deed.objects.update(did="did not do")
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Deed.objects.all().delete()
    assert shop.deeds.get().did == "did"
