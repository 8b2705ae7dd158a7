from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

LIVE = ["requested", "running"]


def end_all_but_the_newest(apps, schema_editor):
    """Until now, two crawls of one account could be under way at once."""
    run = apps.get_model("topology", "Run")
    newer = run.objects.filter(
        aws_account=OuterRef("aws_account"), state__in=LIVE, pk__gt=OuterRef("pk")
    )
    older = run.objects.filter(Exists(newer), state__in=LIVE).values_list("pk", flat=True)
    run.objects.filter(pk__in=list(older)).update(
        state="failed", lease_until=None, reason="a later crawl of this account was asked for"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_schedules"),
        ("topology", "0002_trusts_code"),
    ]

    operations = [
        migrations.RunPython(end_all_but_the_newest, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=Q(("state__in", LIVE)),
                fields=("aws_account",),
                name="one_live_run_per_account",
            ),
        ),
    ]
