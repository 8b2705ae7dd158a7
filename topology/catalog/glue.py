"""Glue: jobs, crawlers and changes of the data catalog tell the default bus.

Source: https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

SOURCE = "aws.glue"

service = Service(
    client="glue",
    title="AWS Glue",
    source="https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html",
    emissions=(
        Emission(
            "job",
            ("glue:StartJobRun", "glue:BatchStopJobRun"),
            SOURCE,
            ("Glue Job State Change", "Glue Job Run Status"),
            of=("job/",),
            name_at=("detail", "jobName"),
        ),
        Emission(
            "crawler",
            ("glue:StartCrawler", "glue:StopCrawler"),
            SOURCE,
            ("Glue Crawler State Change",),
            of=("crawler/",),
            name_at=("detail", "crawlerName"),
        ),
        Emission(
            "workflow",
            ("glue:StartWorkflowRun", "glue:StartTrigger"),
            SOURCE,
            ("Glue Job State Change", "Glue Job Run Status", "Glue Crawler State Change"),
        ),
        Emission(
            "data catalog",
            (
                "glue:CreateDatabase",
                "glue:UpdateDatabase",
                "glue:DeleteDatabase",
                "glue:CreateTable",
                "glue:UpdateTable",
                "glue:DeleteTable",
                "glue:BatchDeleteTable",
                "glue:CreatePartition",
                "glue:BatchCreatePartition",
                "glue:UpdatePartition",
                "glue:BatchUpdatePartition",
                "glue:DeletePartition",
                "glue:BatchDeletePartition",
            ),
            SOURCE,
            ("Glue Data Catalog Database State Change", "Glue Data Catalog Table State Change"),
        ),
    ),
)
