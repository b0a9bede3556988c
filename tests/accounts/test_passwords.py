"""Which passwords are accepted, and that hashes match what people typed."""

import pytest

from portal.accounts import passwords
from portal.errors import Invalid


@pytest.mark.parametrize(
    "password", ["short", "12345678", "PASSWORD", "aaaaaaaaaaaa", "x" * 129, "my otto123 word"]
)
def test_a_weak_password_is_refused_with_its_field(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.accept(password, near=("otto123",))
    assert [error.path for error in refused.value.errors] == ["password"]


@pytest.mark.parametrize("password", ["correct horse", "滨江大道的春天很安静", "Zq8!mmpt"])
def test_a_sentence_is_a_good_password(password: str) -> None:
    passwords.accept(password, near=("otto",))


def test_a_hash_is_argon2id_at_the_stated_cost() -> None:
    stored = passwords.hashed("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.is_outdated(stored)


def test_keyboards_that_write_full_width_letters_sign_in_all_the_same() -> None:
    assert passwords.matches(passwords.hashed("correct horse"), "ｃｏｒｒｅｃｔ horse")


def test_nobody_and_endless_passwords_never_match() -> None:
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches(passwords.hashed("correct horse"), "correct horse" * 100)
    assert not passwords.matches("not a hash", "correct horse")
