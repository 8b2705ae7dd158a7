import boto3
import botocore.session
from boto3.session import Session
from botocore.config import Config

session = boto3.Session(region_name="us-east-1")
other = Session()


def handler(event, context):
    session.client("s3", config=Config(retries={"max_attempts": 2})).put_object(Bucket="b", Key="1")
    other.client(service_name="s3").put_object(Bucket="b", Key="2")
    session.resource("dynamodb").Table("t").put_item(Item={})
    botocore.session.get_session().create_client("sqs").send_message(QueueUrl="q", MessageBody="")
