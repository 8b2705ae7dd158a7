"""Where a Firehose stream puts its records: buckets, backups, databases, and the logs of errors.

Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_DestinationDescription.html
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from topology.catalog.service import Here, Item, Unread
from topology.catalog.wiring import delivery
from topology.graph import Edge, Meaning

KIND = "firehose.dest"
S3, S3_BACKUP = "S3DestinationDescription", "S3BackupDescription"
IN_S3 = ("ExtendedS3DestinationDescription", S3)
REDSHIFT, ICEBERG = "RedshiftDestinationDescription", "IcebergDestinationDescription"
S3_TABLES = "/s3tablescatalog"  # in the ARN of a catalog whose tables raise no events of S3

# Ends that are no buckets, and what tells their address. Of that only the host is kept: the rest
# may hold a token or a password.
ADDRESSES = {
    REDSHIFT: ("ClusterJDBCURL",),
    "ElasticsearchDestinationDescription": ("DomainARN", "ClusterEndpoint"),
    "AmazonopensearchserviceDestinationDescription": ("DomainARN", "ClusterEndpoint"),
    "AmazonOpenSearchServerlessDestinationDescription": ("CollectionEndpoint",),
    "SplunkDestinationDescription": ("HECEndpoint",),
    "SnowflakeDestinationDescription": ("AccountUrl",),
    "HttpEndpointDestinationDescription": ("Url",),
}


def described(destination: Item) -> tuple[str, Item]:
    """The kind of a destination, and what is said of it; S3 is described in two forms."""
    names = [name for name in sorted(destination) if name.endswith("DestinationDescription")]
    name = next((name for name in names if name != S3), S3)
    return name, destination.get(name, {})


def destinations(here: Here, stream: str, destination: Item) -> Iterator[Edge | Unread]:
    """Every end of one destination: itself, its buckets, and the logs of what fails."""
    name, known = described(destination)
    if name in IN_S3:
        bucket = known["BucketARN"]
        yield delivery(stream, bucket, Meaning.WRITES, KIND, prefix=known.get("Prefix", ""))
        errors = known.get("ErrorOutputPrefix")
        keys = {"prefix": errors} if errors else {}
        yield delivery(stream, bucket, Meaning.ON_FAILURE, KIND, label="errors", **keys)
    elif name == ICEBERG:
        yield from _tables(stream, known)
    else:
        yield from _address(stream, name, known)
    if name not in IN_S3 and S3 in known:
        # Redshift copies from the bucket; the others leave there what fails, or everything.
        if name == REDSHIFT or not known.get("S3BackupMode", "").startswith("Failed"):
            yield _bucket(stream, known[S3], "backup")
        failed = known[S3]["BucketARN"]
        yield delivery(stream, failed, Meaning.ON_FAILURE, KIND, label="errors")
    if S3_BACKUP in known:
        is_off = known.get("S3BackupMode") == "Disabled"
        dormant = "the backup in S3 is Disabled" if is_off else ""
        yield _bucket(stream, known[S3_BACKUP], "source records", dormant)
    for group in dict.fromkeys(_logged(known)):
        arn = f"arn:{here.partition}:logs:{here.region}:{here.account}:log-group:{group}"
        yield delivery(stream, arn, Meaning.ON_FAILURE, KIND, label="log")


def host(address: str) -> str:
    """Scheme and host of an address, which may lack the scheme."""
    text = address.removeprefix("jdbc:")
    split = urlsplit(text if "://" in text else f"https://{text}")
    return f"{split.scheme}://{split.hostname}"


def _bucket(stream: str, description: Item, label: str, dormant: str = "") -> Edge:
    """What is put into a bucket as it came; without a prefix of one's own its keys are not told."""
    prefix = description.get("Prefix")
    keys = {"prefix": prefix} if prefix else {}
    bucket = description["BucketARN"]
    return delivery(stream, bucket, Meaning.WRITES, KIND, label=label, dormant=dormant, **keys)


def _address(stream: str, name: str, known: Item) -> Iterator[Edge | Unread]:
    said = {**known, **known.get("EndpointConfiguration", {})}
    found = next((said[key] for key in ADDRESSES.get(name, ()) if said.get(key)), None)
    if found is None:
        reason = f"where the stream delivers to is not said in its {name}"
        yield Unread(stream, "DestinationUnnamed", reason)
    else:
        end = found if found.startswith("arn:") else host(found)
        yield delivery(stream, end, Meaning.WRITES, KIND)


def _tables(stream: str, known: Item) -> Iterator[Edge | Unread]:
    """Iceberg tables: the catalog is named, but their buckets are told by the catalog alone."""
    catalog = known.get("CatalogConfiguration", {})
    arn = catalog.get("CatalogARN", "")
    if arn:
        yield delivery(stream, arn, Meaning.WRITES, KIND)
    if catalog.get("WarehouseLocation"):
        bucket = urlsplit(catalog["WarehouseLocation"]).netloc
        partition = arn.split(":")[1] if arn else "aws"
        yield delivery(
            stream, f"arn:{partition}:s3:::{bucket}", Meaning.WRITES, KIND, label="tables"
        )
    if S3_TABLES not in arn:
        reason = "in which buckets its Iceberg tables lie is told by the Glue catalog only"
        yield Unread(stream, "TableLocationUnread", reason, "glue:GetTable")


def _logged(known: Item) -> Iterator[str]:
    """The log groups that Firehose tells of what it could not deliver."""
    for description in (known, known.get(S3, {}), known.get(S3_BACKUP, {})):
        options = description.get("CloudWatchLoggingOptions", {})
        if options.get("Enabled") and options.get("LogGroupName"):
            yield options["LogGroupName"]
