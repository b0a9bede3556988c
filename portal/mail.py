"""The one place that speaks SMTP. SMTP_URL is `smtp://user:password@host:587` or `smtps://...`."""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

TIMEOUT = 10


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
    """Deliver one mail. Raises OSError or smtplib.SMTPException."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port
    if parts.scheme == "smtps":
        client: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT)
    else:
        client = smtplib.SMTP(host, port or 25, timeout=TIMEOUT)
    with client:
        if parts.scheme == "smtp" and client.has_extn("starttls"):
            client.starttls()
        if parts.username:
            client.login(unquote(parts.username), unquote(parts.password or ""))
        client.send_message(mail)
