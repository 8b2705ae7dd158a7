import boto3

s3 = boto3.client("s3")


def handler(event, context):
    s3.generate_presigned_url("put_object", Params={"Bucket": "b", "Key": "k"})
    s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    return s3.generate_presigned_post("c", "l")
