"""Guards over the running application: access rules, templates, GET changes nothing declared."""

import re

import pytest
from flask import Blueprint, Flask

from portal.web import area
from portal.web.access import signed_in

pytestmark = pytest.mark.any_database

PUBLIC_ENDPOINTS = {
    "web.health",
    "accounts.sign_in",
    "accounts.sign_in_now",
    "accounts.demo_sign_in",
    "accounts.first_run",
    "accounts.first_run_now",
    "accounts.forgotten",
    "accounts.forgotten_now",
    "accounts.set_password",
    "accounts.set_password_now",
    "accounts.set_language",
    "accounts.set_theme",
}


def test_every_endpoint_declares_who_may_use_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            assert area.declared(rule.endpoint) is not None, rule.endpoint


def test_an_endpoint_without_an_access_rule_stops_the_start(app: Flask) -> None:
    bare = Flask("bare")
    blueprint = Blueprint("loose", __name__)
    blueprint.add_url_rule("/loose", "page", lambda: "")
    bare.register_blueprint(blueprint)
    with pytest.raises(RuntimeError, match="loose.page"):
        area.check_all_declared(bare)


def test_the_public_endpoints_are_few_and_named(app: Flask) -> None:
    public = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (found := area.declared(rule.endpoint)) and found.access.name == "public"
    }
    assert public <= PUBLIC_ENDPOINTS


def test_nobody_signed_out_reaches_anything_else(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        found = area.declared(rule.endpoint)
        if found is None or found.access.name == "public" or "GET" not in (rule.methods or ()):
            continue
        address = re.sub(r"<int:[^>]+>", "1", rule.rule)
        address = re.sub(r"<any\((\w+),[^>]+>", r"\1", address)
        address = re.sub(r"<[^>]+>", "x", address)
        answer = client.get(address)
        assert answer.status_code in {302, 401}, f"{rule.endpoint}: {answer.status_code}"


def test_what_changes_something_is_a_post_with_a_token(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        found = area.declared(rule.endpoint)
        if found is None:
            continue
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods == ({"POST"} if "POST" in methods else {"GET"}), rule.endpoint
        if found.writes:
            assert methods == {"POST"}, rule.endpoint


def test_every_template_compiles(app: Flask) -> None:
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)


def test_a_signed_in_rule_refuses_the_anonymous() -> None:
    from portal.web.viewer import ANONYMOUS

    assert not signed_in.allows(ANONYMOUS)
