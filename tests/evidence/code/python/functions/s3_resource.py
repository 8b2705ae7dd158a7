import boto3

s3 = boto3.resource("s3")
bucket = s3.Bucket("b")


def handler(event, context):
    bucket.put_object(Key="k", Body=b"")
    s3.Object("b", event["Records"][0]["s3"]["object"]["key"]).put(Body=b"")
    s3.Bucket("c").upload_file("/tmp/x", "l")
    s3.Object("d", "m").copy_from(CopySource="b/k")
    bucket.Object("k").delete()
