def handler(event, context):
    __import__("boto3").client("s3").put_object(Bucket="b", Key="k")
