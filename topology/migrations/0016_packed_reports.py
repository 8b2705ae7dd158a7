"""Reports compressed: as text, those of an organisation went through a worker six times over."""

from __future__ import annotations

from django.db import migrations

import topology.models
from topology.models import packed

NAMES = ("report", "overviews")


def pack(apps, _):  # type: ignore[no-untyped-def]
    """Pack what every analysis says."""
    analyses = apps.get_model("topology", "Analysis")
    kept = analyses.objects.order_by("pk").only(*NAMES)
    for each in kept.iterator(chunk_size=1):
        said = {f"packed_{name}": packed(getattr(each, name)) for name in NAMES}
        analyses.objects.filter(pk=each.pk).update(**said)


class Migration(migrations.Migration):
    dependencies = [
        ("topology", "0015_followed"),
    ]

    operations = [
        *(
            migrations.AddField(
                "analysis",
                f"packed_{name}",
                topology.models.PackedJSONField(default=dict),
                preserve_default=False,
            )
            for name in NAMES
        ),
        migrations.RunPython(pack, migrations.RunPython.noop),  # back only while there is none
        *(migrations.RemoveField("analysis", name) for name in NAMES),
        *(migrations.RenameField("analysis", f"packed_{name}", name) for name in NAMES),
    ]
