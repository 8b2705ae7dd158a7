"""ECR: images that are pushed, deleted or scanned tell the default bus.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

SOURCE = "aws.ecr"

service = Service(
    client="ecr",
    title="Amazon ECR",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html",
    emissions=(
        Emission(
            "image",
            ("ecr:PutImage", "ecr:BatchDeleteImage"),
            SOURCE,
            ("ECR Image Action",),
            of=("repository/",),
            name_at=("detail", "repository-name"),
        ),
        Emission(
            "scan",
            ("ecr:StartImageScan", "ecr:PutImage"),
            SOURCE,
            ("ECR Image Scan",),
            of=("repository/",),
            name_at=("detail", "repository-name"),
        ),
    ),
)
