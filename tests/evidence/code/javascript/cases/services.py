"""How functions call AWS: services, clients, and what they name."""

# ruff: noqa: E501 (code keeps its lines)
from __future__ import annotations

from tests.evidence.code.javascript.cases.case import ANYTHING, KEY, RAW, Case, Found, put
from topology.sets.recipes import Brought, Either, Joined, Known, Setting

TABLE = Setting("TABLE")
DEFAULT = Known("default")
BY_S3 = (("Source", Known("my.app")), ("DetailType", Known("made")))

CASES = (
    Case(
        "nothing",
        "export const handler = async (event: unknown) => ({ statusCode: 200, body: JSON.stringify(event) });",
        (),
    ),
    Case(
        "reads",
        """import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
const s3 = new S3Client({});
export async function handler(event: any) {
  await s3.send(new HeadObjectCommand({ Bucket: "b", Key: "k" }));
  return s3.send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
}""",
        (),
    ),
    Case(
        "aggregated",
        """import { S3 } from "@aws-sdk/client-s3";
const s3 = new S3({});
export const handler = async (event: any) => {
  await s3.putObject({ Bucket: process.env.BUCKET, Key: event.Records[0].s3.object.key });
};""",
        (put(RAW),),
    ),
    Case(
        "aggregated_in_a_class",
        """import { S3 } from "@aws-sdk/client-s3";
class Store {
  private readonly s3 = new S3({});
  async save(key: string) {
    await this.s3.putObject({ Bucket: process.env.BUCKET, Key: `out/${key}` });
  }
}
const store = new Store();
export const handler = async (event: any) => {
  for (const record of event.Records) await store.save(record.s3.object.key);
};""",
        (put(Joined((Known("out/"), RAW))),),
    ),
    Case(
        "given_to_a_function",
        """import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
async function save(client: S3Client, key: string, body = "") {
  await client.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: key, Body: body }));
}
export const handler = async (event: any) => {
  const client = new S3Client({});
  await save(client, "a.json");
  await save(client, event.Records[0].s3.object.key);
};""",
        (put(Either((Known("a.json"), RAW))),),
    ),
    Case(
        "parameters_in_a_name",
        """import { PutObjectCommand, type PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
const client = new S3Client({});
export const handler = async (event: any) => {
  const input: PutObjectCommandInput = { Bucket: process.env.BUCKET, Key: "a.json", Body: "" };
  const command = new PutObjectCommand(input);
  await client.send(command);
};""",
        (put(Known("a.json")),),
    ),
    Case(
        "parameters_spread",
        """import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
const client = new S3Client({});
const base = { Bucket: process.env.BUCKET, ContentType: "text/csv" };
export const handler = async (event: any) => {
  await client.send(new PutObjectCommand({ ...base, Key: "a.json" }));
};""",
        (put(Known("a.json")),),
    ),
    Case(
        "parameters_unknown",
        """import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
const client = new S3Client({});
export const handler = async (event: any) => {
  await client.send(new PutObjectCommand({ Bucket: "b", Key: "a", ...event }));
};""",
        (put(ANYTHING, ANYTHING),),
    ),
    Case(
        "copies",
        """import { CopyObjectCommand, DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
const client = new S3Client({});
export const handler = async (event: any) => {
  for (const { s3: { bucket, object } } of event.Records) {
    const key = decodeURIComponent(object.key.replace(/\\+/g, " "));
    await client.send(new CopyObjectCommand({ Bucket: bucket.name, Key: key, CopySource: "x" }));
    await client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key }));
  }
};""",
        (
            put(KEY, Brought(("Records", "*", "s3", "bucket", "name")), "CopyObject"),
            put(KEY, Brought(("Records", "*", "s3", "bucket", "name")), "DeleteObject"),
        ),
    ),
    Case(
        "upload",
        """import { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
const client = new S3Client({});
export const handler = async (event: any) => {
  const params = { Bucket: process.env.BUCKET, Key: "big.json", Body: "" };
  await new Upload({ client, params, queueSize: 4 }).done();
};""",
        (put(Known("big.json")), put(Known("big.json"), operation="CompleteMultipartUpload")),
    ),
    Case(
        "presigned",
        """import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
const client = new S3Client({});
export const handler = async (event: any) => {
  const command = new PutObjectCommand({ Bucket: process.env.BUCKET, Key: "up.csv" });
  return getSignedUrl(client, command, { expiresIn: 60 });
};""",
        (put(Known("up.csv")),),
    ),
    Case(
        "keeps_connections",
        """import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { Agent } from "https";
const agent = new Agent({ keepAlive: true });
const client = new S3Client({ requestHandler: new NodeHttpHandler({ httpsAgent: agent }) });
export const handler = async () => client.send(new PutObjectCommand({ Bucket: "b", Key: "k" }));""",
        (put(Known("k"), Known("b")),),
    ),
    Case(
        "messages",
        """import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
const sqs = new SQSClient({});
const QueueUrl = process.env.QUEUE_URL!;
export const handler = async (event: any) => {
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] }));
};""",
        (
            Found("sqs", "SendMessage", Setting("QUEUE_URL")),
            Found("sqs", "SendMessageBatch", Setting("QUEUE_URL")),
        ),
    ),
    Case(
        "topic",
        """import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
const { TOPIC_ARN = "none" } = process.env;
export const handler = async (event: any) => {
  await new SNSClient({}).send(new PublishCommand({ TopicArn: TOPIC_ARN, Message: "m" }));
};""",
        (Found("sns", "Publish", Setting("TOPIC_ARN", Known("none"))),),
    ),
    Case(
        "document",
        """import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.TABLE;
export const handler = async (event: any) => {
  await db.send(new GetCommand({ TableName, Key: { id: "1" } }));
  await db.send(new PutCommand({ TableName, Item: { id: "1" } }));
  await db.send(new UpdateCommand({ TableName: "fixed", Key: { id: "1" } }));
};""",
        (
            Found("dynamodb", "PutItem", TABLE),
            Found("dynamodb", "UpdateItem", Known("fixed")),
        ),
    ),
    Case(
        "whole_document",
        """import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
const db = DynamoDBDocument.from(new DynamoDB({}));
export const handler = async (event: any) => {
  await db.put({ TableName: process.env.TABLE, Item: event });
  await db.query({ TableName: process.env.TABLE });
};""",
        (Found("dynamodb", "PutItem", TABLE),),
    ),
    Case(
        "batches",
        """import { BatchWriteCommand, DynamoDBDocumentClient, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
export const handler = async (event: any) => {
  await db.send(new BatchWriteCommand({ RequestItems: { one: [], [process.env.TABLE!]: [] } }));
  await db.send(new TransactWriteCommand({
    TransactItems: [{ Put: { TableName: "two", Item: {} } }, { Delete: { TableName: "three", Key: {} } }],
  }));
};""",
        (
            Found("dynamodb", "BatchWriteItem", Known("one")),
            Found("dynamodb", "BatchWriteItem", TABLE),
            Found("dynamodb", "TransactWriteItems", Known("two")),
            Found("dynamodb", "TransactWriteItems", Known("three")),
        ),
    ),
    Case(
        "events",
        """import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
const events = new EventBridgeClient({});
export const handler = async (event: any) => {
  await events.send(new PutEventsCommand({
    Entries: [
      { Source: "my.app", DetailType: "made", Detail: "{}" },
      { Source: "my.app", DetailType: "made", Detail: "{}", EventBusName: process.env.BUS },
    ],
  }));
};""",
        (
            Found("events", "PutEvents", DEFAULT, None, BY_S3),
            Found("events", "PutEvents", Setting("BUS"), None, BY_S3),
        ),
    ),
    Case(
        "events_of_each",
        """import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
const events = new EventBridgeClient({});
export const handler = async (event: any) => {
  const Entries = event.Records.map((record: any) => ({
    Source: "my.app", DetailType: "made", Detail: JSON.stringify(record), EventBusName: process.env.BUS,
  }));
  await events.send(new PutEventsCommand({ Entries }));
};""",
        (Found("events", "PutEvents", Setting("BUS"), None, BY_S3),),
    ),
    Case(
        "events_added_to",
        """import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
const events = new EventBridgeClient({});
export const handler = async (event: any) => {
  const Entries: PutEventsRequestEntry[] = [];
  for (const record of event.Records) {
    Entries.push({ Source: "my.app", DetailType: "made", EventBusName: "own" });
  }
  await events.send(new PutEventsCommand({ Entries }));
};""",
        (Found("events", "PutEvents", Known("own"), None, BY_S3),),
    ),
    Case(
        "starts",
        """import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
export const handler = async (event: any) => {
  await new LambdaClient({}).send(new InvokeCommand({ FunctionName: "next", Payload: "{}" }));
  const stateMachineArn = process.env.MACHINE;
  await new SFNClient({}).send(new StartExecutionCommand({ stateMachineArn, input: "{}" }));
};""",
        (
            Found("lambda", "Invoke", Known("next")),
            Found("stepfunctions", "StartExecution", Setting("MACHINE")),
        ),
    ),
    Case(
        "streams",
        """import { FirehoseClient, PutRecordCommand } from "@aws-sdk/client-firehose";
import * as kinesis from "@aws-sdk/client-kinesis";
const stream = new kinesis.KinesisClient({});
export const handler = async (event: any) => {
  await new FirehoseClient({}).send(new PutRecordCommand({ DeliveryStreamName: "f", Record: {} as any }));
  await stream.send(new kinesis.PutRecordsCommand({ StreamName: "k", Records: [] }));
};""",
        (
            Found("firehose", "PutRecord", Known("f")),
            Found("kinesis", "PutRecords", Known("k")),
        ),
    ),
)
