const r=require;exports.handler=async e=>{r('@aws-sdk/client-s3')}
