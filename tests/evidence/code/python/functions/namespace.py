import boto3


class Holder:
    pass


holder = Holder()
holder.s3 = boto3.client("s3")


def handler(event, context):
    vars(holder)["s3"].put_object(Bucket="b", Key="k")
