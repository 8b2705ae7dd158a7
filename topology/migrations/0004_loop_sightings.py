"""Loops by moment, filled from the reports that are kept; indexes for what changed, and when."""

from __future__ import annotations

import json

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, _):  # type: ignore[no-untyped-def]
    """List the loops of every analysis that there is."""
    analyses = apps.get_model("topology", "Analysis")
    sightings = apps.get_model("topology", "LoopSighting")
    for kept in analyses.objects.order_by("pk").iterator(chunk_size=1):
        report = kept.report if isinstance(kept.report, dict) else json.loads(kept.report)
        sightings.objects.bulk_create(
            sightings(
                workspace_id=kept.workspace_id,
                moment=kept.moment,
                fingerprint=each["fingerprint"],
                verdict=each["verdict"],
            )
            for each in report["loops"]
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_trusts_code"),
        ("topology", "0003_one_live_run"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="resourceversion",
            index=models.Index(fields=["workspace", "valid_from"], name="resourceversion_began"),
        ),
        migrations.AddIndex(
            model_name="resourceversion",
            index=models.Index(fields=["workspace", "identity"], name="resourceversion_of"),
        ),
        migrations.AddIndex(
            model_name="edgeversion",
            index=models.Index(fields=["workspace", "valid_from"], name="edgeversion_began"),
        ),
        migrations.AddIndex(
            model_name="edgeversion",
            index=models.Index(fields=["workspace", "identity"], name="edgeversion_of"),
        ),
        migrations.CreateModel(
            name="LoopSighting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("moment", models.PositiveBigIntegerField()),
                ("fingerprint", models.CharField(max_length=16)),
                ("verdict", models.CharField(max_length=16)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["workspace", "moment"], name="loops_of_a_moment")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["workspace", "fingerprint", "moment"],
                        name="one_sighting_per_moment",
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
