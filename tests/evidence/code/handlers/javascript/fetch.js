exports.handler=async e=>{await fetch('https://x')}
