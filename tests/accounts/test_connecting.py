"""Accounts come to one workspace each, with an external id that we make."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts import connecting
from accounts.connecting import RefusedError, by_profile, by_role
from accounts.models import Workspace

pytestmark = pytest.mark.django_db
ID = "111122223333"


@pytest.fixture
def shop():
    return Workspace.objects.create(slug="shop")


def test_every_account_gets_an_external_id_of_its_own(shop):
    first = by_role(shop, ID, "LoopscopeRead")
    second = by_role(shop, "444455556666", "path/LoopscopeRead", partition="aws-cn")
    assert first.role_arn == f"arn:aws:iam::{ID}:role/LoopscopeRead"
    assert second.role_arn == "arn:aws-cn:iam::444455556666:role/path/LoopscopeRead"
    assert first.external_id != second.external_id
    assert len(first.external_id) >= 32


@pytest.mark.parametrize(
    ("number", "role", "says"),
    [
        ("12345", "Read", "12345"),
        ("", "Read", "twelve digits"),
        ("١١١١٢٢٢٢٣٣٣٣", "Read", "Enter a valid value"),
        (ID, "", "name of an IAM role"),
        (ID, "a role", "name of an IAM role"),
        (ID, "x:role/*", "name of an IAM role"),
    ],
)
def test_nonsense_is_connected_to_nothing(shop, number, role, says):
    with pytest.raises(RefusedError, match=says):
        by_role(shop, number, role)
    assert not shop.aws_accounts.exists()


def test_an_account_is_connected_once_and_to_one_workspace(shop):
    by_role(shop, ID, "Read")
    with pytest.raises(RefusedError, match="connected already"):
        by_role(shop, ID, "Read")
    with pytest.raises(RefusedError, match="another workspace"):
        by_role(Workspace.objects.create(slug="other"), ID, "Read")


def test_one_that_left_comes_back_with_its_history_and_a_new_id(shop):
    before = by_role(shop, ID, "Read")
    was = before.external_id
    before.disconnected = 7
    before.save()
    after = by_role(shop, ID, "Read")
    assert (after.pk, after.disconnected) == (before.pk, None)
    assert after.external_id != was


def test_only_profiles_of_the_settings_can_be_connected(shop, settings):
    settings.AWS_PROFILES = ["production"]
    assert by_profile(shop, "production").profile == "production"
    with pytest.raises(RefusedError, match="LOOPSCOPE_PROFILES"):
        by_profile(shop, "default")
    with pytest.raises(RefusedError, match="connected already"):
        by_profile(shop, "production")


def test_a_role_name_is_no_way_to_another_account():
    for name in ("Read\n", "../x:y", "a" * 513):
        with pytest.raises(ValidationError):
            connecting.is_role_name(name)
