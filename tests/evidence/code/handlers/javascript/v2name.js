const AWS=require('aws-sdk');exports.handler=async e=>{new AWS[e.s]()}
