"""A body that is too large is read to its end, within reason, so that the sender hears why.

A server that answers and hangs up with half the body unread shows the browser a broken connection
instead of the answer.
"""

from time import monotonic

from flask import Request

from portal import limits

_PORTION = 65_536


def drain(request: Request) -> None:
    """Throw away what is left of the body. What is out of all proportion is left unread."""
    length, most = request.content_length, request.max_content_length
    is_untouched = length is not None and most is not None and length > most
    if not (is_untouched or request.environ.get("wsgi.input_terminated")):
        return  # some of it is read, and nobody can tell where it ends
    left = limits.DRAIN_BYTES if length is None else length
    if left > limits.DRAIN_BYTES:
        return
    until, stream = monotonic() + limits.DRAIN_SECONDS, request.environ["wsgi.input"]
    while left > 0 and monotonic() < until:
        portion = stream.read(min(left, _PORTION))
        if not portion:
            return
        left -= len(portion)
