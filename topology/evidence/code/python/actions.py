"""What the methods of boto3's resources ask of AWS, for the services whose resources are followed.

Source: https://boto3.amazonaws.com/v1/documentation/api/latest/guide/resources.html; a test
compares this with boto3's own description of them.
"""

from __future__ import annotations

from topology.evidence.code.python.known import words

SERVICE_OF = {
    "s3": words(
        """
        Bucket BucketAcl BucketCors BucketLifecycle BucketLifecycleConfiguration BucketLogging
        BucketNotification BucketPolicy BucketRequestPayment BucketTagging BucketVersioning
        BucketWebsite MultipartUpload MultipartUploadPart Object ObjectAcl ObjectSummary
        ObjectVersion
        """
    ),
    "dynamodb": ["Table"],
    "sqs": ["Message", "Queue"],
    "sns": ["PlatformApplication", "PlatformEndpoint", "Subscription", "Topic"],
}
KINDS = {kind: service for service, kinds in SERVICE_OF.items() for kind in kinds} | {"": ""}

_object = {
    "copy_from": "CopyObject",
    "delete": "DeleteObject",
    "initiate_multipart_upload": "CreateMultipartUpload",
    "put": "PutObject",
    "restore_object": "RestoreObject",
}
_transfers = {"copy": "CopyObject", "upload_file": "PutObject", "upload_fileobj": "PutObject"}
_actions: dict[str, dict[str, str]] = {
    "Bucket": {
        **_transfers,
        "create": "CreateBucket",
        "delete": "DeleteBucket",
        "delete_objects": "DeleteObjects",
        "put_object": "PutObject",
    },
    "BucketAcl": {"put": "PutBucketAcl"},
    "BucketCors": {"delete": "DeleteBucketCors", "put": "PutBucketCors"},
    "BucketLifecycle": {"delete": "DeleteBucketLifecycle", "put": "PutBucketLifecycle"},
    "BucketLifecycleConfiguration": {
        "delete": "DeleteBucketLifecycle",
        "put": "PutBucketLifecycleConfiguration",
    },
    "BucketLogging": {"put": "PutBucketLogging"},
    "BucketNotification": {"put": "PutBucketNotificationConfiguration"},
    "BucketPolicy": {"delete": "DeleteBucketPolicy", "put": "PutBucketPolicy"},
    "BucketRequestPayment": {"put": "PutBucketRequestPayment"},
    "BucketTagging": {"delete": "DeleteBucketTagging", "put": "PutBucketTagging"},
    "BucketVersioning": dict.fromkeys(("enable", "put", "suspend"), "PutBucketVersioning"),
    "BucketWebsite": {"delete": "DeleteBucketWebsite", "put": "PutBucketWebsite"},
    "MultipartUpload": {"abort": "AbortMultipartUpload", "complete": "CompleteMultipartUpload"},
    "MultipartUploadPart": {"copy_from": "UploadPartCopy", "upload": "UploadPart"},
    "Object": {**_object, **_transfers},
    "ObjectAcl": {"put": "PutObjectAcl"},
    "ObjectSummary": {**_object, **_transfers},
    "ObjectVersion": {"delete": "DeleteObject"},
    "": {
        "batch_write_item": "BatchWriteItem",
        "create_bucket": "CreateBucket",
        "create_platform_application": "CreatePlatformApplication",
        "create_queue": "CreateQueue",
        "create_table": "CreateTable",
        "create_topic": "CreateTopic",
    },
    "Table": {
        "delete": "DeleteTable",
        "delete_item": "DeleteItem",
        "put_item": "PutItem",
        "update": "UpdateTable",
        "update_item": "UpdateItem",
    },
    "Message": {"change_visibility": "ChangeMessageVisibility", "delete": "DeleteMessage"},
    "Queue": {
        "add_permission": "AddPermission",
        "change_message_visibility_batch": "ChangeMessageVisibilityBatch",
        "delete": "DeleteQueue",
        "delete_messages": "DeleteMessageBatch",
        "purge": "PurgeQueue",
        "remove_permission": "RemovePermission",
        "send_message": "SendMessage",
        "send_messages": "SendMessageBatch",
        "set_attributes": "SetQueueAttributes",
    },
    "PlatformApplication": {
        "create_platform_endpoint": "CreatePlatformEndpoint",
        "delete": "DeletePlatformApplication",
        "set_attributes": "SetPlatformApplicationAttributes",
    },
    "PlatformEndpoint": {
        "delete": "DeleteEndpoint",
        "publish": "Publish",
        "set_attributes": "SetEndpointAttributes",
    },
    "Subscription": {"delete": "Unsubscribe", "set_attributes": "SetSubscriptionAttributes"},
    "Topic": {
        "add_permission": "AddPermission",
        "confirm_subscription": "ConfirmSubscription",
        "delete": "DeleteTopic",
        "publish": "Publish",
        "remove_permission": "RemovePermission",
        "set_attributes": "SetTopicAttributes",
        "subscribe": "Subscribe",
    },
}
ACTIONS = {(kind, name): each for kind, names in _actions.items() for name, each in names.items()}
# What the elements of a collection are asked for all at once.
BATCHES = {
    ("ObjectSummary", "delete"): "DeleteObjects",
    ("Object", "delete"): "DeleteObjects",
    ("ObjectVersion", "delete"): "DeleteObjects",
    ("Message", "delete"): "DeleteMessageBatch",
}
COLLECTIONS = {
    "buckets": "Bucket",
    "dead_letter_source_queues": "Queue",
    "endpoints": "PlatformEndpoint",
    "multipart_uploads": "MultipartUpload",
    "object_versions": "ObjectVersion",
    "objects": "ObjectSummary",
    "parts": "MultipartUploadPart",
    "platform_applications": "PlatformApplication",
    "queues": "Queue",
    "subscriptions": "Subscription",
    "tables": "Table",
    "topics": "Topic",
}
# Methods that give resources, by the kind they give; with a star: many of it.
GIVEN = {
    ("", "create_bucket"): "Bucket",
    ("", "create_platform_application"): "PlatformApplication",
    ("", "create_queue"): "Queue",
    ("", "create_table"): "Table",
    ("", "create_topic"): "Topic",
    ("", "get_queue_by_name"): "Queue",
    ("Bucket", "put_object"): "Object",
    ("MultipartUpload", "complete"): "Object",
    ("Object", "initiate_multipart_upload"): "MultipartUpload",
    ("ObjectSummary", "initiate_multipart_upload"): "MultipartUpload",
    ("PlatformApplication", "create_platform_endpoint"): "PlatformEndpoint",
    ("Queue", "receive_messages"): "Message*",
    ("Table", "update"): "Table",
    ("Topic", "confirm_subscription"): "Subscription",
    ("Topic", "subscribe"): "Subscription",
    ("MultipartUpload", "Part"): "MultipartUploadPart",
    **{
        ("Bucket", name): f"Bucket{name}"
        for name in (
            "Acl",
            "Cors",
            "Lifecycle",
            "LifecycleConfiguration",
            "Logging",
            "Notification",
            "Policy",
            "RequestPayment",
            "Tagging",
            "Versioning",
            "Website",
        )
    },
    **{(kind, "Acl"): "ObjectAcl" for kind in ("Object", "ObjectSummary")},
    **{(kind, "Version"): "ObjectVersion" for kind in ("Object", "ObjectSummary")},
}
# Methods that only read.
QUIET = words(
    """
        batch_get_item download_file download_fileobj get get_available_subresources get_item head
        load query reload scan
        """
)
