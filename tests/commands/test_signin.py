"""The signin command prints a link that works."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from topology.management.serving import LOCAL, local_person

pytestmark = pytest.mark.django_db


def test_it_prints_a_link_to_the_one_person_of_this_machine(client, capsys):
    local_person()
    call_command("signin", url="https://loops.example.com/")
    address = capsys.readouterr().out.strip()
    assert address.startswith("https://loops.example.com/sign-in/")
    path = address.removeprefix("https://loops.example.com")
    assert client.post(path).status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(username=LOCAL).pk)


def test_somebody_unknown_is_one_line():
    with pytest.raises(CommandError, match="There is nobody called 'eve'"):
        call_command("signin", user="eve")


def test_the_one_person_is_made_once_and_has_no_password():
    assert local_person() == local_person()
    assert not local_person().has_usable_password()
    assert [each.role for each in local_person().memberships.all()] == ["admin"]
