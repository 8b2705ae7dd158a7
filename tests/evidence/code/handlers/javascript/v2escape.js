const AWS=require('aws-sdk');exports.handler=async e=>{e.f(new AWS.S3())}
