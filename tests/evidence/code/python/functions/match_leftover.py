import boto3
def handler(e, _):
    k = "a"
    match e:
        case {"Records": k} if False: pass
        case _: boto3.client("s3").put_object(Bucket="b", Key=k)
