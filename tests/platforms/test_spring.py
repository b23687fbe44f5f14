"""The names by which Spring's Key Vault property source asks: the document's, and what holds of all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.constructs.spring import PropertySource, secret_name
from ringfence.errors import ConstructError

DOCUMENT = {
    "dgc.trustAnchor.certificateAlias": "dgc-trustanchor-certificatealias",
    "dgc.gateway.connector.trust-anchor.password": "dgc-gateway-connector-trustanchor-password",
    "dgc.gateway.connector.trust-anchor.alias": "dgc-gateway-connector-trustanchor-alias",
    "dgc.gateway.connector.tls-trust-store.password": "dgc-gateway-connector-tlstruststore-password",
    "dgc.gateway.connector.tls-key-store.alias": "dgc-gateway-connector-tlskeystore-alias",
    "dgc.gateway.connector.upload-key-store.alias": "dgc-gateway-connector-uploadkeystore-alias",
    "issuance.certAlias": "issuance-certalias",
}
"""Every item that the document's two tables mark as Spring PropertySource, by the property that it holds."""

WORDS = st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True)
SEGMENTS = st.lists(WORDS, min_size=1, max_size=3)
PROPERTIES = st.lists(SEGMENTS, min_size=2, max_size=4)


def kebab(property: list[list[str]]) -> str:
    return ".".join("-".join(words) for words in property)


def camel(property: list[list[str]]) -> str:
    return ".".join(words[0] + "".join(w.capitalize() for w in words[1:]) for words in property)


def snake(property: list[list[str]]) -> str:
    return ".".join("_".join(words) for words in property)


@pytest.mark.parametrize(("property", "secret"), DOCUMENT.items())
def test_the_documents_items_have_the_names_that_spring_asks_for(property: str, secret: str) -> None:
    assert secret_name(property) == secret


def test_and_back() -> None:
    source = PropertySource(DOCUMENT)
    assert {source.property_of(name): name for name in source.secrets} == DOCUMENT
    assert source.property_of("TLS-Trust-Store-Content") is None
    assert source.property_of("Issuance-CertAlias") == "issuance.certAlias"


def test_a_name_without_dots_keeps_its_hyphens() -> None:
    assert secret_name("my-Secret") == "my-secret"
    assert secret_name("MY_SECRET") == "my-secret"
    assert secret_name("my_secret") == "mysecret"


@given(PROPERTIES)
def test_every_way_of_writing_a_property_asks_for_one_secret(property: list[list[str]]) -> None:
    expected = "-".join("".join(words) for words in property)
    assert {secret_name(write(property)) for write in (kebab, camel, snake)} == {expected}


@given(PROPERTIES)
def test_the_name_is_one_that_a_vault_takes_and_stays_what_it_is(property: list[list[str]]) -> None:
    name = secret_name(camel(property))
    assert secret_name(name) == name
    assert name == name.lower()


@given(st.lists(PROPERTIES, min_size=1, max_size=8))
def test_what_is_not_refused_can_be_found_again(properties: list[list[list[str]]]) -> None:
    written = list(dict.fromkeys(map(kebab, properties)))
    names = {secret_name(one) for one in written}
    if len(names) < len(written):
        with pytest.raises(ConstructError, match="are both read from the secret"):
            PropertySource(written)
        return
    source = PropertySource(written)
    assert [source.property_of(secret_name(one)) for one in written] == written


def test_two_properties_cannot_share_a_secret() -> None:
    with pytest.raises(ConstructError, match=r"trust-anchor\.alias and dgc\.trustAnchor\.alias are both read from"):
        PropertySource(["dgc.trust-anchor.alias", "dgc.trustAnchor.alias"])


@pytest.mark.parametrize("property", ["", "rules[0].name", "a.b c", "ä.b", "x." + "y" * 130])
def test_a_property_that_no_secret_can_hold_is_refused(property: str) -> None:
    with pytest.raises(ConstructError, match="no secret of a vault can hold"):
        secret_name(property)
