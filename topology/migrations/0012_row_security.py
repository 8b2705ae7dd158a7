from django.db import migrations

from accounts.policies import RaiseWall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_api_tokens"),
        ("topology", "0011_badges"),
    ]

    operations = [RaiseWall()]
