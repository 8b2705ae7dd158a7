"""Older and odder ways to call AWS, and what stands beside it."""

# ruff: noqa: E501 (code keeps its lines)
from __future__ import annotations

from tests.evidence.code.javascript.cases.case import ANYTHING, RAW, Case, Found, put
from topology.sets.recipes import Brought, Joined, Known, Replaced, Setting

TABLE = Setting("TABLE")

CASES = (
    Case(
        "version_2",
        """import AWS from "aws-sdk";
const s3 = new AWS.S3({ signatureVersion: "v4" });
const db = new AWS.DynamoDB.DocumentClient();
export const handler = async (event: any) => {
  const key = event.Records[0].s3.object.key;
  await s3.getObject({ Bucket: "b", Key: key }).promise();
  await s3.upload({ Bucket: process.env.BUCKET!, Key: key.replace(".csv", ".json"), Body: "" }).promise();
  await db.put({ TableName: process.env.TABLE!, Item: { key } }).promise();
};""",
        (
            put(Replaced(RAW, ".csv", ".json", "first")),
            put(Replaced(RAW, ".csv", ".json", "first"), operation="CompleteMultipartUpload"),
            Found("dynamodb", "PutItem", TABLE),
        ),
    ),
    Case(
        "version_2_traced",
        """import * as AWS from "aws-sdk";
import * as AWSXRay from "aws-xray-sdk";
const sqs = AWSXRay.captureAWSClient(new AWS.SQS());
export const handler = (event: any, context: any, done: any) => {
  sqs.sendMessage({ QueueUrl: process.env.QUEUE_URL!, MessageBody: "m" }, done);
};""",
        (Found("sqs", "SendMessage", Setting("QUEUE_URL")),),
    ),
    Case(
        "powertools",
        """import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { Logger } from "@aws-lambda-powertools/logger";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
const tracer = new Tracer();
const logger = new Logger();
const sqs = tracer.captureAWSv3Client(new SQSClient({}));
const processor = new BatchProcessor(EventType.SQS);
const one = async (record: any) => {
  logger.info("one", { record });
  await sqs.send(new SendMessageCommand({ QueueUrl: "https://q", MessageBody: record.body }));
};
export const handler = async (event: any, context: any) =>
  processPartialResponse(event, one, processor, { context });""",
        (Found("sqs", "SendMessage", Known("https://q")),),
    ),
    Case(
        "late",
        """export const handler = async (event: any) => {
  const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  await new S3Client({}).send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: "late.json" }));
};""",
        (put(Known("late.json")),),
    ),
    Case(
        "memoised",
        """import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
let client: S3Client | undefined;
const get = () => (client ??= new S3Client({}));
export const handler = async (event: any) => {
  await Promise.all([1, 2].map((n) => get().send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: `${n}.json` }))));
};""",
        (put(Joined((ANYTHING, Known(".json")))),),
    ),
    Case(
        "chosen_by_switch",
        """import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
const s3 = new S3Client({});
export const handler = async (event: any) => {
  switch (event.action) {
    case "put":
      return s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));
    case "delete":
      return s3.send(new DeleteObjectCommand({ Bucket: process.env.BUCKET, Key: event.key }));
    default:
      throw new Error("unknown");
  }
};""",
        (put(Brought(("key",))), put(Brought(("key",)), operation="DeleteObject")),
    ),
    Case(
        "errors_and_enumerations",
        """import { NoSuchKey, PutObjectCommand, S3Client, S3ServiceException, StorageClass } from "@aws-sdk/client-s3";
const s3 = new S3Client({ maxAttempts: 3 });
export const handler = async (event: any) => {
  try {
    await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: "k", StorageClass: StorageClass.GLACIER }));
  } catch (error) {
    if (error instanceof NoSuchKey || error instanceof S3ServiceException) return null;
    throw error;
  }
};""",
        (put(Known("k")),),
    ),
    Case(
        "pages",
        """import { paginateListObjectsV2, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
const client = new S3Client({});
export const handler = async (event: any) => {
  let count = 0;
  for await (const page of paginateListObjectsV2({ client }, { Bucket: "b" })) count += page.KeyCount ?? 0;
  await client.send(new PutObjectCommand({ Bucket: "b", Key: "count.txt", Body: String(count) }));
};""",
        (put(Known("count.txt"), Known("b")),),
    ),
    Case(
        "fetches",
        """import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
const client = new S3Client({});
export const handler = async (event: any) => {
  const got = await fetch(process.env.URL!);
  await client.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: "got", Body: await got.text() }));
};""",
        (put(Known("got")),),
        complete=False,
    ),
    Case(
        "operation_by_name",
        """import { S3 } from "@aws-sdk/client-s3";
const s3: any = new S3({});
export const handler = async (event: any) => {
  await s3.putObject({ Bucket: "b", Key: "k" });
  await s3[event.operation](event.parameters);
};""",
        (put(Known("k"), Known("b")),),
        complete=False,
    ),
)
