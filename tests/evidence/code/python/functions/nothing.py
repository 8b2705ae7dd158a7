import json
import logging
from datetime import datetime, timezone

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


def handler(event, context):
    logger.info("got %s", json.dumps(event))
    return {"statusCode": 200, "body": json.dumps({"now": datetime.now(timezone.utc).isoformat()})}
