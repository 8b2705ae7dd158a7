const {S3Client,PutObjectCommand}=require('@aws-sdk/client-s3');const s3=new S3Client({});const run=(C,p)=>s3.send(new C(p));exports.handler=async e=>run(PutObjectCommand,{Bucket:'b',Key:'k'})
