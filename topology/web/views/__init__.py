"""One module per page; every view asks ``accounts.access`` what its visitor may see."""

from topology.web.views import account, home, loop, sign_in

__all__ = ["account", "home", "loop", "sign_in"]
