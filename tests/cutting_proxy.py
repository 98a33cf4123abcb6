"""A proxy that breaks one connection halfway, as a phone that leaves a tunnel's other end does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Address = tuple[str, int]


@dataclass(slots=True)
class Cut:
    """Breaks the first connection that has sent more than ``after`` bytes."""

    after: int
    broken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def breaks(self, seen: int) -> bool:
        with self.lock:
            if self.broken or seen <= self.after:
                return False
            self.broken += 1
            return True


@contextmanager
def cutting(target: Address, after: int) -> Iterator[tuple[str, Cut]]:
    """The proxy's URL, and what it did."""
    listener, cut, relays = socket.create_server(("127.0.0.1", 0)), Cut(after), list[threading.Thread]()

    def accept() -> None:
        with suppress(OSError):  # closed: that is how it ends
            while True:
                client, _ = listener.accept()
                relays.append(threading.Thread(target=_relay, args=(client, target, cut)))
                relays[-1].start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", cut
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join()
        listener.close()
        for relay in relays:
            relay.join()


def _relay(client: socket.socket, target: Address, cut: Cut) -> None:
    with client, socket.create_connection(target) as server:
        back = threading.Thread(target=_pump, args=(server, client, None))
        back.start()
        _pump(client, server, cut)
        back.join()


def _pump(source: socket.socket, sink: socket.socket, cut: Cut | None) -> None:
    seen = 0
    with suppress(OSError):
        while data := source.recv(4096):
            seen += len(data)
            if cut is not None and cut.breaks(seen):
                break
            sink.sendall(data)
    for one in (source, sink):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
