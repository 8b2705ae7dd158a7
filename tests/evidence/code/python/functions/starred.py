from boto3 import *

s3 = client("s3")


def handler(event, context):
    s3.put_object(Bucket="b", Key="k")
