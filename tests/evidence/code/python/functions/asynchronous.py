import asyncio
import aioboto3

session = aioboto3.Session()


async def work():
    async with session.client("s3") as s3:
        await s3.put_object(Bucket="b", Key="k")
    async with session.resource("dynamodb") as dynamodb:
        table = await dynamodb.Table("t")
        await table.put_item(Item={})


def handler(event, context):
    asyncio.run(work())
