exports.handler=async function(e){const g=(function(){return this})(); g.fetch('x')}
