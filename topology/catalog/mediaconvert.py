"""MediaConvert: jobs that change state tell the default bus.

Source: https://docs.aws.amazon.com/mediaconvert/latest/ug/eventbridge_events.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

service = Service(
    client="mediaconvert",
    title="AWS Elemental MediaConvert",
    source="https://docs.aws.amazon.com/mediaconvert/latest/ug/eventbridge_events.html",
    emissions=(
        Emission(
            "job",
            ("mediaconvert:CreateJob", "mediaconvert:CancelJob"),
            "aws.mediaconvert",
            ("MediaConvert Job State Change",),
        ),
    ),
)
