"""A small HTTP proxy on loopback that remembers every byte that a client sends through it."""

from __future__ import annotations

import contextlib
import selectors
import socket
import socketserver
import threading

REFUSED = "HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """Leads all calls, whatever host they name, to one port of this machine.

    heads: what came before the first blank line of each connection. tunnelled: what came after a CONNECT.
    refuses_with: a status to answer instead of letting a call through.
    """

    def __init__(self, port: int, *, refuses_with: int | None = None) -> None:
        self.heads: list[str] = []
        self.tunnelled = bytearray()
        self.refuses_with = refuses_with
        self._target = ("127.0.0.1", port)
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Let nobody through any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(65536)
            if not piece:
                return
            head += piece
        self.heads.append(head.decode("latin-1"))
        if self.refuses_with is not None:
            client.sendall(REFUSED.format(status=self.refuses_with).encode())
            return
        with socket.create_connection(self._target, timeout=10) as platform:
            if head.startswith(b"CONNECT "):
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                platform.sendall(head)
            self._pass_on(client, platform)

    def _pass_on(self, client: socket.socket, platform: socket.socket) -> None:
        with selectors.DefaultSelector() as both:
            both.register(client, selectors.EVENT_READ, platform)
            both.register(platform, selectors.EVENT_READ, client)
            while True:
                for ready, _ in both.select(timeout=10):
                    piece = ready.fileobj.recv(65536)
                    if not piece:
                        return
                    if ready.fileobj is client:
                        self.tunnelled += piece
                    ready.data.sendall(piece)

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    proxy._serve(self.request)

        return Handler
