from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, idempotent
import boto3

logger = Logger()
layer = DynamoDBPersistenceLayer(table_name="seen")


@logger.inject_lambda_context
@idempotent(persistence_store=layer)
def handler(event, context):
    boto3.client("s3").put_object(Bucket="b", Key=event["Records"][0]["s3"]["object"]["key"])
