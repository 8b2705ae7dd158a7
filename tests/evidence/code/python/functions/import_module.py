import importlib


def handler(event, context):
    importlib.import_module("boto3").client("s3").put_object(Bucket="b", Key="k")
