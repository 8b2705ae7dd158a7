exports.handler=async e=>{await import(e.x)}
