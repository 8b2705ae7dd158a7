import django.db.models.deletion
from django.db import migrations, models

import topology.models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_people"),
        ("topology", "0007_connection_tests"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("fingerprint", models.CharField(max_length=16)),
                ("turn", models.CharField(max_length=8)),
                ("moment", models.PositiveBigIntegerField()),
                ("state", models.CharField(max_length=16)),
                ("before", models.CharField(blank=True, max_length=16)),
                ("title", models.TextField()),
                ("detail", models.TextField()),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="accounts.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("shown", models.CharField(max_length=300)),
                ("sealed", models.TextField()),
                ("every", models.PositiveIntegerField(default=0)),
                ("findings", models.BooleanField(default=False)),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "aws_account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.awsaccount",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to="accounts.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent", models.DateTimeField(null=True)),
                ("given_up", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="topology.alert",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="topology.channel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Watched",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("fingerprint", models.CharField(max_length=16)),
                ("state", models.CharField(max_length=16)),
                ("is_open", models.BooleanField()),
                ("data", topology.models.CanonicalJSONField()),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.workspace",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["workspace", "created"], name="alerts_in_time"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                fields=("workspace", "kind", "fingerprint", "turn", "moment"),
                name="one_alert_per_turn",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("given_up", False), ("sent", None)),
                fields=["not_before"],
                name="undelivered",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("alert", "channel"), name="one_delivery_per_channel"
            ),
        ),
        migrations.AddConstraint(
            model_name="watched",
            constraint=models.UniqueConstraint(
                fields=("workspace", "kind", "fingerprint"), name="one_row_per_watched"
            ),
        ),
    ]
