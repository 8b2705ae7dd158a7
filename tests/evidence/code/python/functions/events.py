import json
import boto3

bus = boto3.client("events")


def handler(event, context):
    bus.put_events(
        Entries=[
            {"Source": "shop", "DetailType": "placed", "Detail": json.dumps({}), "EventBusName": "orders"},
            {"Source": "shop", "DetailType": context.function_name, "Detail": "{}"},
        ]
    )
