"""What people keep in their configuration is in none of our tables, reports, pages or logs."""

from __future__ import annotations

import logging

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.models import Membership, User
from tests.rig import secretive
from tests.store.observations import account
from topology import catalog, runs, store
from topology.graph import canonical_json

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def read(aws, worker, monkeypatch, caplog):
    """The account of secrets, read, analysed and published, with everything logged."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
    for service in catalog.services():
        monkeypatch.setattr(service, "rate", None)
    secretive.seed(aws)
    found = account()
    found.account_id, found.role_arn, found.regions = aws.id, aws.role_arn, [aws.region]
    found.save()
    runs.request(found)
    caplog.clear()  # what was logged while the secrets were made is not ours
    worker.work_off()
    return found


def rows():
    """Every value of every row of every table."""
    for model in apps.get_models():
        for row in model._default_manager.values():
            yield from (f"{model.__name__}: {value!r}" for value in row.values())


def test_no_secret_is_kept_shown_or_logged(read, client, caplog):
    analysed = store.latest_analysis(read.workspace)
    assert analysed
    [loop, *_] = analysed.report["loops"]
    assert loop["resources"]  # the loop was found among the secrets
    assert not [row for row in rows() if secretive.CANARY in row]
    assert secretive.CANARY not in canonical_json(analysed.report)
    assert secretive.CANARY not in caplog.text

    user = User.objects.create_user("viewer", password="a long enough password")
    Membership.objects.create(user=user, workspace=read.workspace, role="viewer")
    client.force_login(user)
    slug = read.workspace.slug
    for url in (
        reverse("workspace", args=[slug]),
        reverse("loop", args=[slug, loop["fingerprint"]]),
        reverse("account", args=[slug, read.pk]),
    ):
        page = client.get(url)
        assert page.status_code == 200
        assert secretive.CANARY not in page.content.decode()
