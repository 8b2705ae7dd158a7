exports.handler=async e=>{module.require(e.x)}
