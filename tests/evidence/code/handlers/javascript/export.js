export {PutObjectCommand as P} from '@aws-sdk/client-s3';export const handler=async()=>{}
