import os
import boto3

dynamodb = boto3.resource("dynamodb", region_name="eu-west-1")
table = dynamodb.Table(os.environ["TABLE"])


def handler(event, context):
    table.get_item(Key={"id": "1"})
    table.put_item(Item={"id": "1"})
    table.update_item(Key={"id": "1"}, UpdateExpression="SET a = :a")
    with table.batch_writer() as batch:
        for n in range(10):
            batch.put_item(Item={"id": str(n)})
