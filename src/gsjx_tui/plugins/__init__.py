"""How stages come in: the hooks, the manager. A plugin author needs ``hookimpl`` alone."""

import pluggy

hookspec = pluggy.HookspecMarker("gsjx_tui")
hookimpl = pluggy.HookimplMarker("gsjx_tui")

__all__ = ["hookimpl", "hookspec"]
