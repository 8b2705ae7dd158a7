import django.db.models.deletion
from django.db import migrations, models

import topology.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_disconnected"),
        ("topology", "0009_shares"),
    ]

    operations = [
        migrations.CreateModel(
            name="AcceptanceRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("what", models.CharField(max_length=16)),
                ("title", models.TextField()),
                ("names", topology.models.CanonicalJSONField()),
                ("owner", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                ("expires", models.DateField()),
                ("lapsed", models.BooleanField(default=False)),
                ("made_by", models.CharField(max_length=150)),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acceptances",
                        to="accounts.workspace",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "kind", "what"), name="one_acceptance_per_thing"
                    )
                ],
            },
        ),
    ]
