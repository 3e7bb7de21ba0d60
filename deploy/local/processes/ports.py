"""Ports of this machine: free ones for tests, and a clear message about one that is taken."""

import contextlib
import socket

import psutil

from deploy.local.settings import HOST, PORTS, Misconfigured


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at this moment, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((HOST, 0))
        return [int(one.getsockname()[1]) for one in sockets]


def free_port_variables() -> dict[str, str]:
    """The `CONVERGENCE_*` variables that put a whole system on free ports."""
    ports = zip(PORTS, free_ports(len(PORTS)), strict=True)
    return {f"CONVERGENCE_{name}": str(port) for name, port in ports}


def is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port with connections in TIME_WAIT is free
        try:
            one.bind((HOST, port))
        except OSError:
            return False
    return True


def require_free(port: int, variable: str, wanted_by: str) -> None:
    """Raises `Misconfigured`, naming the variable to change and who has the port where the system tells."""
    if not is_free(port):
        raise Misconfigured(
            f"port {port} is taken{_by_whom(port)}, and {wanted_by} needs it: "
            f"stop that program, or choose another port with {variable}"
        )


def _by_whom(port: int) -> str:
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (pid {connection.pid})"
    return ""
