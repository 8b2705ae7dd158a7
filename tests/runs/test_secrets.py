"""What people keep in their configuration is in none of our tables, reports, pages or logs."""

from __future__ import annotations

import logging
import tempfile

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.models import Membership, User
from tests.rig import secretive
from tests.store.observations import account
from topology import catalog, runs, store
from topology.demo.packages import SIGNATURE
from topology.graph import canonical_json

pytestmark = pytest.mark.django_db(transaction=True)
SECRETS = secretive.CANARY, SIGNATURE  # what people keep, and what lets one read their code


@pytest.fixture
def read(aws, proxy, worker, monkeypatch, caplog, tmp_path):
    """The account of secrets, its code too, read, analysed and published, and everything logged."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    for service in catalog.services():
        monkeypatch.setattr(service, "rate", None)
    secretive.seed(aws)
    found = account()
    found.account_id, found.role_arn, found.regions = aws.id, aws.role_arn, [aws.region]
    found.evidence = ["code"]
    found.save()
    runs.request(found)
    caplog.clear()  # what was logged while the secrets were made is not ours
    messages = worker.work_off()
    assert not told_in(repr(messages))
    assert list(tmp_path.iterdir()) == []
    return found


def told_in(text):
    """The secrets that stand somewhere in a text."""
    return [secret for secret in SECRETS if secret in text]


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
    [code] = analysed.report["code"]
    assert (code["not_read"], code["calls"]) == ("", 1)
    assert not [row for row in rows() if told_in(row)]
    assert not told_in(canonical_json(analysed.report))
    assert not told_in(caplog.text)

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
        assert not told_in(page.content.decode())
