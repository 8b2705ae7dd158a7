"""A sign-in link works once, for its person, for an hour."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone

from accounts.access import workspace_or_404
from accounts.models import Membership, User, Workspace
from accounts.sign_in import bearer, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create_user("ada")


def test_a_ticket_lets_its_person_in(person):
    assert bearer(*ticket(person)) == person


def test_signing_in_uses_the_ticket_up(person):
    made = ticket(person)
    person.last_login = timezone.now()
    person.save()
    assert bearer(*made) is None


def test_an_old_ticket_is_refused(person, settings):
    made = ticket(person)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert bearer(*made) is None


def test_a_ticket_is_nobody_elses(person):
    other = User.objects.create_user("eve")
    assert bearer(ticket(other)[0], ticket(person)[1]) is None


def test_somebody_who_left_is_refused(person):
    made = ticket(person)
    User.objects.update(is_active=False)
    assert bearer(*made) is None


@pytest.mark.parametrize(
    "whose", ["", "!", "_w", "MTIz", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "AAAA"]
)
def test_nonsense_is_refused(person, whose):
    assert bearer(whose, "abc-def") is None


def test_a_member_sees_the_workspace(person):
    mine = Workspace.objects.create(slug="mine")
    Membership.objects.create(user=person, workspace=mine)
    assert workspace_or_404(person, "mine") == mine


@pytest.mark.parametrize("slug", ["theirs", "empty", "absent"])
def test_foreign_and_absent_workspaces_are_the_same_404(person, slug):
    theirs = Workspace.objects.create(slug="theirs")
    Membership.objects.create(user=User.objects.create_user("eve"), workspace=theirs)
    Workspace.objects.create(slug="empty")
    for user in (person, AnonymousUser()):
        with pytest.raises(Http404):
            workspace_or_404(user, slug)
