export * from '@aws-sdk/client-s3'; export const handler=async()=>{}
