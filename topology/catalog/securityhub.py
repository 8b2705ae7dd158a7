"""Security Hub: findings that are new or updated tell the default bus.

Source: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-types.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

service = Service(
    client="securityhub",
    title="AWS Security Hub",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-types.html",
    emissions=(
        Emission(
            "finding",
            ("securityhub:BatchImportFindings", "securityhub:BatchUpdateFindings"),
            "aws.securityhub",
            ("Security Hub Findings - Imported",),
        ),
    ),
)
