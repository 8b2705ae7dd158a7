exports.handler=async e=>{module.constructor._load(e.x)}
