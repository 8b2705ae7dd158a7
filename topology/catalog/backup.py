"""Backup: vaults, and the topics that hear of their jobs.

Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

VAULT = "backup.vault"

service = Service(
    client="backup",
    title="AWS Backup",
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html",
    kinds=(Kind(VAULT, "backup vault", Part.CHANNEL),),
    writes=(
        Write(
            "start a job",
            VAULT,
            ("backup:StartBackupJob", "backup:StartCopyJob", "backup:StartRestoreJob"),
        ),
    ),
    edges=("backup.notify",),
)

vaults = Call("list_backup_vaults", items="BackupVaultList")
notifications = Call(
    "get_backup_vault_notifications",
    for_each=vaults,
    parameters={"BackupVaultName": Of("BackupVaultName")},
    absent=frozenset({"ResourceNotFoundException"}),  # said of a vault that notifies nobody
    names=itemgetter("BackupVaultArn"),
)


@service.reads(vaults)
def vault(here: Here, item: Item) -> Iterator[Fact]:
    """A vault of the region being read."""
    yield resource(here, item["BackupVaultArn"], VAULT)


@service.reads(notifications)
def notification(here: Here, item: Item, vault: Item) -> Iterator[Fact]:
    """The topic that hears of the vault's jobs, and of which events."""
    if topic := item.get("SNSTopicArn"):
        heard = sorted(item.get("BackupVaultEvents", ()))
        yield delivery(
            vault["BackupVaultArn"], topic, Meaning.FORWARDS, "backup.notify", events=heard
        )
