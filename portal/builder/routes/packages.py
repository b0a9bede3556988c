"""Signed packages: a release taken out as one file, one taken in as a draft, whom we trust."""

from pathlib import Path

from flask import Response, current_app, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock, limits
from portal.accounts import queries as accounts
from portal.builder.area import AUTHORS, READERS, area, may_write
from portal.builder.inputs import PackageForm, TrustForm
from portal.definitions.packages import trust
from portal.definitions.packages.archive import MIME
from portal.definitions.packages.exporting import make_package, package_name
from portal.definitions.packages.importing import DraftOpen, UnknownKey, import_package, verify
from portal.errors import N_, Conflict, Invalid, PortalError, TooLarge
from portal.web.answers import page_or_fragment, see_other
from portal.web.downloads import download
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.action("/modules/<module>/releases/<int:number>/package", access=AUTHORS)
def export_package(module: str, number: int) -> BaseResponse:
    """The release as one signed file; the company's key is made at first use."""
    content = make_package(
        module=module, number=number, home=_home(), actor=current_viewer(), now=clock.now()
    )
    return download(content, MIME, package_name(module, number))


@area.page("/modules/import", access=AUTHORS)
def import_page() -> BaseResponse:
    """Where a package comes in."""
    return _import_page(PackageForm())


@area.action("/modules/import", access=AUTHORS)
def take_in_package() -> BaseResponse:
    """Verify a package and make it a draft; it is looked over like any other, then published."""
    form = PackageForm.sent()
    content = _sent()
    try:
        if not content:
            raise Invalid(N_("Choose the file of a package; its name ends in .portal."))
        package = verify(content, _home())
        draft = import_package(package=package, actor=current_viewer(), now=clock.now())
    except (Invalid, TooLarge, Conflict) as refusal:
        return _import_page(form, refusal)
    said = _(
        "Release %(number)s of “%(module)s”, signed by %(name)s, is here as a draft. "
        "This is what it would change.",
        number=package.manifest.number,
        module=draft.module,
        name=package.signer or _("this portal"),
    )
    return see_other(url_for("builder.review", module=draft.module), said)


def _sent() -> bytes:
    """The file of this request, as far as a package may be long."""
    upload = request.files.get("file")
    if upload is None:
        return b""
    with upload.stream as stream:
        return stream.read(limits.PACKAGE_BYTES + 1)


def _import_page(form: PackageForm, refusal: PortalError | None = None) -> Response:
    return page_or_fragment(
        "builder/import_package.html",
        status=refusal.status if refusal else 200,
        form=form,
        refused=refusal.message if refusal else None,
        advice=refusal.hint if refusal else None,
        draft_of=refusal.module if isinstance(refusal, DraftOpen) else "",
        is_unknown=isinstance(refusal, UnknownKey),
    )


@area.page("/modules/import/keys", access=READERS)
def keys() -> BaseResponse:
    """The company's public key, and the keys of others whose packages are taken in."""
    return _keys_page(TrustForm())


@area.action("/modules/import/keys", access=AUTHORS)
def trust_key() -> BaseResponse:
    """Take in packages signed with one more key."""
    form = TrustForm.sent()
    if not form.validate():
        return _keys_page(form, 422)
    try:
        made = trust.trust(
            name=form.name.data,
            text=form.public_key.data,
            home=_home(),
            actor=current_viewer(),
            now=clock.now(),
        )
    except Invalid as refusal:
        form.show(refusal)
        return _keys_page(form, 422)
    said = _("Packages signed by %(name)s are taken in from now on.", name=made.name)
    return see_other(url_for("builder.keys"), said)


@area.action("/modules/import/keys/own", access=AUTHORS)
def make_key() -> BaseResponse:
    """Make the company's key, so that its public part can be sent to others."""
    trust.make_own(home=_home(), actor=current_viewer(), now=clock.now())
    return see_other(url_for("builder.keys"), _("The key is there."))


@area.action("/modules/import/keys/<fingerprint>/remove", access=AUTHORS)
def distrust_key(fingerprint: str) -> BaseResponse:
    """Take in no more packages signed with this key."""
    trust.distrust(fingerprint=fingerprint, actor=current_viewer(), now=clock.now())
    return see_other(
        url_for("builder.keys"), _("The key is gone. What came in with it stays as it is.")
    )


def _keys_page(form: TrustForm, status: int = 200) -> Response:
    found = trust.trusted()
    by = accounts.person_name(sorted({one.added_by for one in found if one.added_by}))
    return page_or_fragment(
        "builder/keys.html",
        status=status,
        form=form,
        own=trust.own(_home()),
        trusted=found,
        people=by,
        spoken=trust.spoken,
        may_write=may_write(current_viewer()),
    )


def _home() -> Path:
    return Path(current_app.instance_path)
