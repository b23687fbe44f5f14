"""The authority of one run certifies this run's names and no others."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from ringfence.twin import authority

HOSTS = ("kv1.vault.azure.net", "login.microsoftonline.com")


def test_its_constraint_is_critical_and_names_the_hosts() -> None:
    made = authority.new(HOSTS)
    found = made.certificate.extensions.get_extension_for_oid(ExtensionOID.NAME_CONSTRAINTS)
    assert found.critical
    assert isinstance(found.value, x509.NameConstraints)
    assert found.value.permitted_subtrees == [x509.DNSName(host) for host in HOSTS]


def test_it_can_certify_no_other_authority() -> None:
    basic = authority.new(HOSTS).certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical
    assert (basic.value.ca, basic.value.path_length) == (True, 0)


def test_a_leaf_is_for_one_exact_name() -> None:
    issued = x509.load_pem_x509_certificate(authority.new(HOSTS).issued(HOSTS[0]))
    names = issued.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [HOSTS[0]]
    assert not issued.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_a_restart_keeps_what_clients_trust() -> None:
    made = authority.new(HOSTS)
    again = authority.kept(made.state())
    assert again.pem == made.pem
    issued = x509.load_pem_x509_certificate(again.issued(HOSTS[0]))
    issued.verify_directly_issued_by(made.certificate)


def test_two_runs_trust_each_other_in_nothing() -> None:
    assert authority.new(HOSTS).pem != authority.new(HOSTS).pem
