"""``loopscope invite`` lets the first person in, where no page can yet."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Role, User, Workspace
from tests.web.scene import PASSWORD

pytestmark = pytest.mark.django_db


def invited(capsys, *arguments):
    call_command("invite", *arguments)
    return capsys.readouterr().out.strip()


def test_it_makes_a_workspace_and_a_link_for_its_first_admin(capsys):
    link = invited(capsys, "shop", "--name", "Web shop", "--url", "https://loops.example.com/")
    start, path = link[: len("https://loops.example.com")], link[len("https://loops.example.com") :]
    form = {"username": "ada", "password1": PASSWORD, "password2": PASSWORD}
    assert start == "https://loops.example.com"
    assert Client().post(path, form).status_code == 302
    assert User.objects.get().memberships.get().role == Role.ADMIN
    assert Workspace.objects.get().name == "Web shop"


def test_a_workspace_that_is_there_keeps_its_name(capsys):
    Workspace.objects.create(slug="shop", name="Web shop")
    invited(capsys, "shop", "--name", "Another")
    assert Workspace.objects.get().name == "Web shop"


def test_it_refuses_a_name_that_fits_no_address():
    with pytest.raises(CommandError, match="no short name"):
        call_command("invite", "web shop")
