"""A mail server for tests: says what it is told to, keeps what it heard, speaks TLS if it shall."""

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PEM = Path(__file__).parent / "localhost.pem"


def context() -> ssl.SSLContext:
    """TLS under a certificate of `localhost` that only tests trust."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(PEM)
    return made


@dataclass
class MailServer:
    """One SMTP server on a port of its own; conversations one after the other."""

    starttls: bool = False
    wrapped: bool = False
    silent: bool = False  # accepts connections and says nothing
    refuses: bool = False  # refuses every recipient
    bad_good_bye: bool = False
    mails: list[bytes] = field(default_factory=list)
    logins: list[tuple[str, bool]] = field(default_factory=list)  # what was said, encrypted or not
    encrypted: list[bool] = field(default_factory=list)  # of each mail
    connections: int = 0
    _listening: socket.socket = field(
        default_factory=lambda: socket.create_server(("127.0.0.1", 0))
    )

    @property
    def port(self) -> int:
        port: int = self._listening.getsockname()[1]
        return port

    def serve(self) -> None:
        """Talk to one client after the other until closed."""
        while True:
            try:
                client, _address = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            client.settimeout(5)
            try:
                self._talk(client)
            except OSError:
                pass
            finally:
                client.close()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _talk(self, client: socket.socket) -> None:
        if self.silent:
            client.recv(1)
            return
        secret = self.wrapped
        if secret:
            client = context().wrap_socket(client, server_side=True)
        with client:
            _say(client, "220 test")
            line = _line(client)
            while line and not line.upper().startswith("QUIT"):
                if line.upper() == "STARTTLS":
                    _say(client, "220 go on")
                    client = context().wrap_socket(client, server_side=True)
                    secret = True
                else:
                    self._answer(client, line, secret)
                line = _line(client)
            _say(client, "421 not so fast" if self.bad_good_bye else "221 bye")
            client.close()

    def _answer(self, client: socket.socket, line: str, secret: bool) -> None:
        verb = line.partition(" ")[0].upper()
        if verb == "EHLO":
            offers = ["test", *(["STARTTLS"] if self.starttls and not secret else []), "AUTH PLAIN"]
            _say(client, *(f"250-{one}" for one in offers[:-1]), f"250 {offers[-1]}")
        elif verb == "AUTH":
            said = base64.b64decode(line.split()[-1]).decode()
            self.logins.append((said.replace("\0", " ").strip(), secret))
            _say(client, "235 welcome")
        elif verb == "RCPT" and self.refuses:
            _say(client, "550 nobody here")
        elif verb == "DATA":
            _say(client, "354 tell me")
            self.mails.append(_until_dot(client))
            self.encrypted.append(secret)
            _say(client, "250 kept")
        else:
            _say(client, "250 ok")


def _say(client: socket.socket, *lines: str) -> None:
    client.sendall("".join(f"{line}\r\n" for line in lines).encode())


def _line(client: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\r\n"):
        more = client.recv(1)
        if not more:
            return ""
        said += more
    return said.decode().strip()


def _until_dot(client: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\r\n.\r\n"):
        said += client.recv(1)
    return said[:-3].replace(b"\r\n..", b"\r\n.")


@contextmanager
def mail_server(**how: bool) -> Iterator[MailServer]:
    """A running server, stopped at the end."""
    server = MailServer(**how)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(6)
