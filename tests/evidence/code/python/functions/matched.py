import boto3

s3 = boto3.client("s3")


def handler(event, context):
    match event:
        case {"Records": [*_]} if (client := s3):
            client.put_object(Bucket="b", Key="k")
        case _:
            pass
