"""The people of a workspace, as its pages let them come and go."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from tests.rig.mailbox import Mailbox, receiving_mail
from tests.web.scene import PASSWORD, Scene

LINK = re.compile(r"http://testserver(/join/[\w-]+/)")


@pytest.fixture(autouse=True)
def _nothing_is_mailed(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with receiving_mail() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
def admin(shop: Scene, client: Client) -> Client:
    client.force_login(shop.admin)
    return client


def invited(admin: Client, role: str = "operator", email: str = "bob@example.com") -> str:
    page = admin.post(reverse("invite", args=["shop"]), {"role": role, "email": email})
    found = LINK.search(page.content.decode())
    assert found
    return found[1]


def test_an_admin_invites_and_somebody_new_makes_an_account_and_joins(admin: Client) -> None:
    link, guest = invited(admin), Client()
    assert "Join" in guest.get(link).content.decode()
    answer = guest.post(
        link, {"username": "bob", "password1": PASSWORD, "password2": PASSWORD}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/w/shop/"
    bob = User.objects.get(username="bob")
    assert (bob.email, bob.memberships.get().role) == ("bob@example.com", Role.OPERATOR)
    assert guest.get(link).status_code == 404


def test_a_link_is_shown_once_and_stands_on_no_later_page(admin: Client) -> None:
    link = invited(admin)
    assert link not in admin.get(reverse("people", args=["shop"])).content.decode()


def test_an_invitation_is_mailed_where_there_is_a_server(admin: Client, mailbox: Mailbox) -> None:
    form = {"role": "operator", "email": "bob@example.com"}
    page = admin.post(reverse("invite", args=["shop"]), form).content.decode()
    [mail] = mailbox.came
    found = LINK.search(mail.get_content())
    assert found
    assert mail["To"] == "bob@example.com"
    assert mail["Subject"] == "ada invites you to Web shop on Loopscope"
    assert Client().get(found[1]).status_code == 200
    assert "was mailed to" in page
    assert found[1] not in page


def test_a_mail_that_no_server_takes_leaves_the_link_on_the_page(
    admin: Client, mailbox: Mailbox
) -> None:
    mailbox.refuses = True
    link = invited(admin)
    page = admin.post(
        reverse("invite", args=["shop"]), {"role": "viewer", "email": "b@example.com"}
    )
    assert "It was not mailed. No mail server takes it" in page.content.decode()
    assert mailbox.came == []
    assert Client().get(link).status_code == 200


def test_nobody_is_mailed_who_has_no_address(admin: Client, mailbox: Mailbox) -> None:
    assert invited(admin, email="")
    assert mailbox.came == []


def test_a_workspace_of_any_name_can_be_invited_to(
    admin: Client, mailbox: Mailbox, shop: Scene
) -> None:
    shop.workspace.name = "shop\r\nBcc: eve@example.com"
    shop.workspace.save()
    admin.post(reverse("invite", args=["shop"]), {"role": "viewer", "email": "bob@example.com"})
    [mail] = mailbox.came
    assert mail["Bcc"] is None
    assert "Bcc: eve@example.com" in mail["Subject"]


def test_a_weak_password_leaves_the_invitation_open(admin: Client) -> None:
    link, guest = invited(admin), Client()
    answer = guest.post(link, {"username": "bob", "password1": "1234", "password2": "1234"})
    assert "too short" in answer.content.decode()
    assert not User.objects.filter(username="bob").exists()
    assert guest.get(link).status_code == 200


def test_somebody_with_an_account_joins_as_who_they_are(admin: Client, shop: Scene) -> None:
    guest = Client()
    guest.force_login(shop.stranger)
    link = invited(admin, "viewer")
    assert "You are signed in as" in guest.get(link).content.decode()
    assert guest.post(link).status_code == 302
    assert Membership.objects.filter(user=shop.stranger, workspace=shop.workspace).exists()


@pytest.mark.parametrize("form", [{"role": "owner"}, {"role": "viewer", "email": "no address"}])
def test_nonsense_invites_nobody(admin: Client, shop: Scene, form: dict[str, str]) -> None:
    answer = admin.post(reverse("invite", args=["shop"]), form)
    assert (answer.status_code, shop.workspace.invitations.count()) == (400, 0)
    assert "Nobody was invited" in answer.content.decode()


def test_a_revoked_link_no_longer_works(admin: Client, shop: Scene) -> None:
    link = invited(admin)
    pk = shop.workspace.invitations.get().pk
    admin.post(reverse("revoke-invitation", args=["shop", pk]))
    assert Client().get(link).status_code == 404


def test_roles_change_and_members_leave_but_the_last_admin(admin: Client, shop: Scene) -> None:
    vera = Membership.objects.get(user=shop.viewer)
    admin.post(reverse("change-member", args=["shop", vera.pk]), {"role": "operator"})
    vera.refresh_from_db()
    assert vera.role == Role.OPERATOR
    ada = Membership.objects.get(user=shop.admin)
    answer = admin.post(
        reverse("change-member", args=["shop", ada.pk]), {"remove": "1"}, follow=True
    )
    assert "the only one who administers" in answer.content.decode()
    admin.post(reverse("change-member", args=["shop", vera.pk]), {"remove": "1"})
    assert not shop.workspace.memberships.filter(user=shop.viewer).exists()


def test_who_leaves_by_their_own_hand_is_led_home(admin: Client, shop: Scene) -> None:
    Membership.objects.filter(user=shop.viewer).update(role=Role.ADMIN)
    ada = Membership.objects.get(user=shop.admin)
    answer = admin.post(reverse("change-member", args=["shop", ada.pk]), {"remove": "1"})
    assert answer["Location"] == "/"


def test_a_viewer_sees_who_belongs_and_neither_invitations_nor_the_log(
    admin: Client, viewer: Client, shop: Scene
) -> None:
    admin.force_login(shop.admin)
    invited(admin)
    viewer.force_login(shop.viewer)
    page = viewer.get(reverse("people", args=["shop"])).content.decode()
    assert "ada" in page
    assert "bob@example.com" not in page
    assert "Audit log" not in page


def test_the_log_tells_who_signed_in_and_how(shop: Scene) -> None:
    Client().post("/sign-in/", {"username": "vera", "password": PASSWORD})
    assert str(shop.workspace.deeds.get()) == "vera signed in with a password"


def test_five_wrong_passwords_are_enough_for_a_quarter_of_an_hour(shop: Scene) -> None:
    guest = Client()
    for _ in range(5):
        answer = guest.post("/sign-in/", {"username": "vera", "password": "wrong"})
    assert answer.status_code == 429
    answer = guest.post("/sign-in/", {"username": "vera", "password": PASSWORD})
    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in answer.content.decode()
    others = guest.post("/sign-in/", {"username": "ada", "password": PASSWORD})
    assert others.status_code == 302
