const h=require('frob');exports.handler=async e=>{h()}
