"""An area: a blueprint whose endpoints declare who may use them and whether they write.

`page` answers GET and changes nothing. `action` answers POST: its write transaction begins before
anything is read (session and roles included) and is committed here, at the edge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask, request
from werkzeug.wrappers import Response as BaseResponse

from portal.db import begin_write, db
from portal.web import request_keys
from portal.web.access import Access
from portal.web.answers import see_other

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Declared:
    """What an endpoint declared of itself."""

    access: Access
    writes: bool
    own_transaction: bool = False


_declared: dict[str, Declared] = {}


def declared(endpoint: str | None) -> Declared | None:
    """The declaration of an endpoint, if it has one."""
    return None if endpoint is None else _declared.get(endpoint)


class Area(Blueprint):
    """A blueprint that knows who may use each of its endpoints."""

    def page(self, rule: str, *, access: Access, **options: Any) -> Callable[[V], V]:
        """Declare a GET endpoint."""

        def register(view: V) -> V:
            name = options.pop("endpoint", view.__name__)
            _declared[f"{self.name}.{name}"] = Declared(access, writes=False)
            self.add_url_rule(rule, name, view, methods=["GET"], **options)
            return view

        return register

    def ask(self, rule: str, *, access: Access, **options: Any) -> Callable[[V], V]:
        """Declare a POST endpoint that only answers: what it is asked is too long for an address.

        No write transaction is opened, and whatever the view changed is rolled back.
        """

        def register(view: V) -> V:
            name = options.pop("endpoint", view.__name__)
            _declared[f"{self.name}.{name}"] = Declared(access, writes=False)
            self.add_url_rule(rule, name, _discarding(view), methods=["POST"], **options)
            return view

        return register

    def action(
        self, rule: str, *, access: Access, own_transaction: bool = False, **options: Any
    ) -> Callable[[V], V]:
        """Declare a POST endpoint. `own_transaction`: the view commits by itself (sign-in)."""

        def register(view: V) -> V:
            name = options.pop("endpoint", view.__name__)
            declaration = Declared(access, writes=True, own_transaction=own_transaction)
            _declared[f"{self.name}.{name}"] = declaration
            run = view if own_transaction else _committing(view)
            self.add_url_rule(rule, name, run, methods=["POST"], **options)
            return view

        return register


def _discarding(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        finally:
            db.session.rollback()

    return run


def _committing(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> BaseResponse:
        return _committed(partial(view, *args, **kwargs))

    return run


def in_own_transaction(act: Callable[[], Any]) -> BaseResponse:
    """What a view with `own_transaction` does once it has worked out what to write: as an action
    does by itself, with its key, all or nothing, and what was read before is read anew.
    """
    db.session.rollback()
    begin_write()
    return _committed(act)


def _committed(act: Callable[[], Any]) -> BaseResponse:
    from flask import make_response

    try:
        led_to = request_keys.claim(request)
        if led_to:
            db.session.rollback()
            return see_other(led_to)
        response = make_response(act())
        if response.status_code < 400 and led_to is None:
            request_keys.keep(request, response)
            db.session.commit()
        else:
            db.session.rollback()
    except BaseException:
        db.session.rollback()
        raise
    return response


def check_all_declared(app: Flask) -> None:
    """Refuse to start when an endpoint has no access rule. Raises RuntimeError naming them."""
    bare = sorted({r.endpoint for r in app.url_map.iter_rules()} - _declared.keys() - {"static"})
    if bare:
        raise RuntimeError(f"endpoints without an access rule: {', '.join(bare)}")
