"""Batch: jobs that change state tell the default bus.

Source: https://docs.aws.amazon.com/batch/latest/userguide/batch_cwe_events.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

service = Service(
    client="batch",
    title="AWS Batch",
    source="https://docs.aws.amazon.com/batch/latest/userguide/batch_cwe_events.html",
    emissions=(
        Emission(
            "job",
            ("batch:SubmitJob", "batch:CancelJob", "batch:TerminateJob"),
            "aws.batch",
            ("Batch Job State Change",),
        ),
    ),
)
