import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
const s3 = new S3Client({});
export const handler = async (event) => {
  for (const record of event.Records) {
    const bucket = record.s3.bucket.name;
    const key = decodeURIComponent(record.s3.object.key.replace(/\+/g, " "));
    const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const rows = (await found.Body.transformToString()).split("\n").map((row) => row.split(","));
    await s3.send(
      new PutObjectCommand({ Bucket: process.env.BUCKET, Key: key.replace(/\.csv$/, ".json"), Body: JSON.stringify(rows) })
    );
  }
};
