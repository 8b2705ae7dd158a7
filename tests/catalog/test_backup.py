"""Backup: the topic that hears of a vault's jobs."""

from __future__ import annotations

from tests.catalog.recorded import HERE, arn, edges, items, read, resources
from topology.catalog import backup
from topology.graph import Meaning

[VAULT] = items("backup/list_backup_vaults.one")


def test_a_vault_tells_its_topic():
    [vault] = resources(read("backup/list_backup_vaults.one"))
    [edge] = edges(read("backup/get_backup_vault_notifications.topic", VAULT))
    assert (edge.source, edge.target) == (vault.arn, arn("sns", "backups"))
    assert (edge.kind, edge.meaning) == ("backup.notify", Meaning.FORWARDS)
    assert edge.attributes == {"events": ["BACKUP_JOB_COMPLETED", "RESTORE_JOB_COMPLETED"]}


def test_a_vault_that_notifies_nobody_leads_nowhere():
    assert list(backup.notification(HERE, {}, VAULT)) == []
