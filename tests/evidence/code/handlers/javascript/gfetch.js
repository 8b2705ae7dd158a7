exports.handler=async e=>{await globalThis.fetch('https://x')}
