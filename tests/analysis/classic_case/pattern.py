import csv
import json
import os
import re
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        found = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
        rows = list(csv.DictReader(found.splitlines()))
        s3.put_object(
            Bucket=os.environ["BUCKET"],
            Key=re.sub(r"\.csv$", ".json", key),
            Body=json.dumps(rows),
        )
