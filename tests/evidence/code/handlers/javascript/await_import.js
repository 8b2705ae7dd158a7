exports.handler=async e=>{const {S3Client,PutObjectCommand:P}=await import('@aws-sdk/client-s3');await new S3Client().send(new P({Bucket:'b',Key:'k'}))}
