import { CopyObjectCommand, S3Client } from "@aws-sdk/client-s3";
const s3 = new S3Client({});
export const handler = async (event) => {
  for (const record of event.Records) {
    const key = decodeURIComponent(record.s3.object.key.replace(/\+/g, " "));
    await s3.send(
      new CopyObjectCommand({ Bucket: process.env.BUCKET, Key: key, CopySource: `uploads/${key}`, MetadataDirective: "REPLACE" })
    );
  }
};
