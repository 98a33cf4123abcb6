"""A receiver on a real socket that counts connections; used by tests of sending."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass(slots=True)
class Receiver:
    """``answer`` is sent as it is, byte by byte with a pause of ``drip_s`` between; ``requests`` is what came."""

    answer: bytes = OK
    drip_s: float = 0.0
    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            self.requests.append(head + await reader.readexactly(length))
            pieces = [self.answer[at : at + 1] for at in range(len(self.answer))] if self.drip_s else [self.answer]
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(self.drip_s)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()


@asynccontextmanager
async def receiving(
    answer: bytes = OK, drip_s: float = 0.0, tls: ssl.SSLContext | None = None, everywhere: bool = False
) -> AsyncIterator[Receiver]:
    """A receiver on 127.0.0.1, or on every address of this machine, IPv6 too where it has that."""
    receiver = Receiver(answer, drip_s)
    if everywhere and socket.has_dualstack_ipv6():
        listener = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    else:
        listener = socket.create_server(("0.0.0.0" if everywhere else "127.0.0.1", 0))
    receiver.port = listener.getsockname()[1]
    server = await asyncio.start_server(receiver.serve, sock=listener, ssl=tls)
    try:
        yield receiver
    finally:
        server.close()
        await asyncio.sleep(0)
