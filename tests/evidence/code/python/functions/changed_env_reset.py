import boto3, os
os.environ["B"] = "c"
def handler(e, _):
    boto3.client("s3").put_object(Bucket=os.environ["B"], Key="k")
