const {S3}=require('@aws-sdk/client-s3');let c;const get=()=>c??=new S3();exports.handler=async e=>{get().putObject({Bucket:'b',Key:'k'})}
