"""What an intruder in EUDCC's workloads would have: the key that signs citizens' certificates is not among it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from ringfence.ask import Question
from tests.platforms.eudcc.objects import SIGNING, made

ISSUER = "dgca-issuance-service"
PUBLISHED = (
    "dgc-gateway",
    "dgca-issuance-service-public",
    "dgca-businessrule-service",
    "dgca-verifier-service",
    "portal-sign-in",
)
KEY = "dsc-key-store"


@cache
def ask(signing: str, **question: Any) -> tuple[dict[str, Any], ...]:
    return tuple(Question(**question).answer(made(signing=signing).estate))


def who(signing: str, verb: str, thing: str) -> set[str]:
    rows = ask(signing, name="access", can=verb, on=(thing,))
    assert {row["outcome"] for row in rows} <= {"yes", "unknown"}
    return {row["principal"]["name"] for row in rows if row["outcome"] == "yes"}


def workload(name: str) -> str:
    region = "eu" if name == "dgc-gateway" else "ie"
    return f"{region}-workloads#kubectl_manifest.{name.replace('-', '_')}_deployment"


def exposed(signing: str, name: str) -> set[tuple[str, str]]:
    """What could be read, or done, once a workload is taken over: verb and thing."""
    rows = ask(signing, name="exposure", workload=workload(name))
    return {(row["can"], row["thing"]["name"]) for row in rows if row["outcome"] == "exposed"}


def test_the_issuing_service_alone_uses_the_issuing_key() -> None:
    assert who("vault", "sign", f"*/keys/{KEY}") == {ISSUER}
    assert who("mounted", "sign", f"*/keys/{KEY}") == set()
    assert ISSUER not in who("vault", "read", f"*/secrets/{KEY}")
    assert ISSUER in who("mounted", "read", f"*/secrets/{KEY}")


@pytest.mark.parametrize("signing", SIGNING)
@pytest.mark.parametrize("name", PUBLISHED)
def test_what_the_internet_reaches_has_neither_the_issuing_key_nor_a_use_of_it(name: str, signing: str) -> None:
    found = exposed(signing, name)
    assert not [thing for _, thing in found if KEY in thing]
    assert not [verb for verb, _ in found if verb == "sign"]


@pytest.mark.parametrize("signing", SIGNING)
def test_the_public_face_has_no_item_at_all(signing: str) -> None:
    assert {thing for _, thing in exposed(signing, "dgca-issuance-service-public")} == {"acreudccieprod"}


def test_taking_over_the_issuing_service_shows_what_signing_in_the_vault_is_good_for() -> None:
    """Signing in the vault, an intruder may sign while he is there; mounted, he takes the key with him."""
    assert ("sign", KEY) in {(verb, thing.rpartition(" ")[2]) for verb, thing in exposed("vault", ISSUER)}
    assert not [1 for verb, thing in exposed("vault", ISSUER) if KEY in thing and verb == "read"]
    assert [1 for verb, thing in exposed("mounted", ISSUER) if KEY in thing and verb == "read"]


def test_nobody_in_the_clusters_reads_the_key_of_the_root() -> None:
    rows = ask("vault", name="exposure", workload=workload("dgc-gateway"))
    assert not [row for row in rows if row["can"] == "read" and "secrets of trustanchor" in str(row["thing"])]


def test_only_the_issuing_service_has_the_key_that_signs_uploads() -> None:
    for name in PUBLISHED:
        assert not [thing for _, thing in exposed("vault", name) if "upload" in thing]
    assert [thing for _, thing in exposed("vault", ISSUER) if "upload-key-store" in thing]
