exports.handler=async e=>{ ((( }
