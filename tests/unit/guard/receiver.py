"""A receiver on a real socket that counts connections; used by tests of sending."""

from __future__ import annotations

import asyncio
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
    answer: bytes = OK,
    drip_s: float = 0.0,
    tls: ssl.SSLContext | None = None,
    host: str | tuple[str, ...] = "127.0.0.1",
) -> AsyncIterator[Receiver]:
    receiver = Receiver(answer, drip_s)
    server = await asyncio.start_server(receiver.serve, host, 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        await asyncio.sleep(0)
