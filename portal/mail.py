"""The one place that speaks SMTP. SMTP_URL is `smtp://user:password@host:587` or `smtps://...`.

Certificates are verified and no password travels unencrypted; `?tls=off` gives both up, for a
server on a trusted network.
"""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT = 10  # seconds for each step of the conversation
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class PasswordInTheOpen(OSError):
    """The mail server offers no TLS, and the password would be readable on the way."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """What SMTP_URL says."""

    host: str
    port: int
    user: str
    password: str
    wrapped: bool  # TLS from the first byte (smtps)
    tls: bool


def read_url(url: str) -> MailServer:
    """The mail server of an SMTP_URL. Raises ValueError with the remedy."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("SMTP_URL has the form smtp://user:password@host:587 or smtps://…")
    wrapped = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if wrapped else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        wrapped=wrapped,
        tls=wrapped or parse_qs(parts.query).get("tls") != ["off"],
    )


def one_line(text: str, most: int = 200) -> str:
    """A header's text: no line breaks, no control characters."""
    return "".join(c if c.isprintable() else " " for c in text)[:most].strip()


def message(*, sender: str, to: str, subject: str, text: str, message_id: str) -> EmailMessage:
    """A plain text mail; a repeated delivery carries the same Message-ID."""
    mail = EmailMessage()
    mail["From"] = one_line(sender)
    mail["To"] = one_line(to, 254)
    mail["Subject"] = one_line(subject)
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{message_id}@portal>"
    mail.set_content(text)
    return mail


def send(url: str, mail: EmailMessage) -> None:
    """Deliver one mail. Raises OSError (smtplib's errors are of that kind)."""
    server = read_url(url)
    client = _connected(server)
    try:
        _sign_in(client, server)
        client.send_message(mail)
        with contextlib.suppress(OSError):  # it is accepted: a bad good-bye is no failure
            client.quit()
    finally:
        client.close()


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.wrapped:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)


def _sign_in(client: smtplib.SMTP, server: MailServer) -> None:
    """TLS where the server offers it, then the password, where there is one."""
    client.ehlo_or_helo_if_needed()  # or nothing is known of what the server offers
    encrypted = server.wrapped
    if not encrypted and server.tls and client.has_extn("starttls"):
        client.starttls(context=ssl.create_default_context())
        encrypted = True
    if not server.user:
        return
    if server.tls and not encrypted and server.host not in LOOPBACK:
        raise PasswordInTheOpen("the mail server offers no TLS")
    client.login(server.user, server.password)
