import os
import boto3


class Store:
    def __init__(self, bucket):
        self.bucket = bucket
        self.__client = boto3.client("s3")

    def save(self, key):
        self.__client.put_object(Bucket=self.bucket, Key=key)


store = Store(os.environ["BUCKET"])


def handler(event, context):
    store.save("k")
