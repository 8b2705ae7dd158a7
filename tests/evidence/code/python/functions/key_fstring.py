import os.path
from boto3 import client
from urllib.parse import unquote_plus as decode

store = client("s3")


def handler(event, _):
    for record in event.get("Records", []):
        name = os.path.basename(decode(record["s3"]["object"]["key"]))
        store.put_object(Bucket="b", Key=f"done/{name}.json")
