import boto3


class Base:
    def __init__(self, client):
        self.client = client


class Store(Base):
    def __init__(self, client):
        super().__init__(client)

    @property
    def writer(self):
        return self.client

    def save(self):
        self.writer.put_object(Bucket="b", Key="k")


def handler(event, context):
    Store(boto3.client("s3")).save()
