"""One module per page; every view asks ``accounts.access`` what its visitor may see."""

from topology.web.views import account, home, loop, map, resource, sign_in  # noqa: A004

__all__ = ["account", "home", "loop", "map", "resource", "sign_in"]
