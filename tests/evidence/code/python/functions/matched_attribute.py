import boto3

s3 = boto3.client("s3")


def handler(event, context):
    match s3:
        case object(put_object=put):
            put(Bucket="b", Key="k")
