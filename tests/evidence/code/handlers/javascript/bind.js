const {S3}=require('@aws-sdk/client-s3');const s3=new S3();const put=s3.putObject.bind(s3);exports.handler=async e=>put({Bucket:'b'})
