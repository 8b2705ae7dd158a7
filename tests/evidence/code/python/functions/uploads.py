import io
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    s3.download_file("a", "x", "/tmp/x")
    s3.upload_file("/tmp/x", "b", "k")
    s3.upload_fileobj(io.BytesIO(b""), Bucket="c", Key="l")
    s3.copy({"Bucket": "a", "Key": "x"}, "d", "m")
