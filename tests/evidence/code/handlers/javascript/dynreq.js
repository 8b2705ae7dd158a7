exports.handler=async e=>{require(e.x)}
