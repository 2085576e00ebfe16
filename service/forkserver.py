"""The fork server: it imports once what every worker process needs, and each of them is a copy of it."""

from multiprocessing import forkserver


def start_fork_server() -> None:
    """Start it, unless it runs. It imports for about as long as the server process does: the sooner the better."""
    forkserver.set_forkserver_preload(["__main__", "service.preload"])
    forkserver.ensure_running()
