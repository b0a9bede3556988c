"""The policy browsers keep to on every page; one exception: a page of ours shown in another."""

from flask import Response

_NO_FRAMES = "frame-ancestors 'none'"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    f"object-src 'none'; {_NO_FRAMES}"
)


def framing(response: Response) -> Response:
    """The answer, allowed to show pages of the portal within itself."""
    response.headers["Content-Security-Policy"] = f"frame-src 'self'; {CSP}"
    return response


def framed(response: Response) -> Response:
    """The answer, allowed to be shown within a page of the portal; it runs and sends nothing."""
    policy = CSP.replace(_NO_FRAMES, "frame-ancestors 'self'")
    policy = policy.replace("form-action 'self'", "form-action 'none'")
    response.headers["Content-Security-Policy"] = policy
    return response
