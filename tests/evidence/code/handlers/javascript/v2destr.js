const {putObject}=new (require('aws-sdk').S3)();exports.handler=async e=>{putObject({})}
