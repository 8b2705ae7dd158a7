import boto3

s3 = boto3.client("s3")
s3.meta.events.register("before-call.s3", lambda **_: None)


def handler(event, context):
    pass
