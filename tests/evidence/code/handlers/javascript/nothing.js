exports.handler=async e=>({statusCode:200})
