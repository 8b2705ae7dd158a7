import boto3


def handler(event, context):
    bucket = boto3.resource("s3").Bucket("b")
    for summary in bucket.objects.filter(Prefix="tmp/"):
        if summary.size == 0:
            summary.delete()
    bucket.objects.all().delete()
