const {S3}=require('@aws-sdk/client-s3');const s3=new S3();exports.handler=async e=>{Reflect.get(s3,e.op)(e.p)}
