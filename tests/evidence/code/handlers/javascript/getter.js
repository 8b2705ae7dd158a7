const {S3}=require('@aws-sdk/client-s3');class A{get s3(){return new S3()} };exports.handler=async e=>{new A().s3.putObject({Bucket:'b',Key:'k'})}
