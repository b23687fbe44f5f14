"""Microsoft's own clients sign in as they are: by secret, certificate, federated token; in pods, machines and sites."""

from __future__ import annotations

import asyncio
import datetime as dates
import threading
from typing import TYPE_CHECKING, Any

import msal
import pytest
from azure import identity
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import aio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from ringfence.errors import UsageError
from ringfence.twin.entra import certificates, credentials, device, federation, sign_in
from tests.twin.entra.stands import APP_SERVICE, VAULT, Stand, workload
from tests.twin.grounds import Platform, ground

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.twin.ground import Ground

SCOPE = f"{VAULT}/.default"
SQL_OWNER = "transform#azuread_application.sql_owner"
GITHUB = "repo:oakvale-health/flowehr:environment:prod"


@pytest.fixture
def flowehr(tmp_path: Path) -> Ground:
    return ground(Platform("flowehr"), tmp_path)


@pytest.fixture
def eudcc(tmp_path: Path) -> Ground:
    return ground(Platform("eudcc"), tmp_path)


@pytest.fixture(scope="module")
def pem() -> tuple[bytes, bytes]:
    """A private key and its certificate."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an application")])
    now = dates.datetime.now(dates.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - dates.timedelta(days=1))
        .not_valid_after(now + dates.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, made.public_bytes(serialization.Encoding.PEM)


def application(found: Ground) -> dict[str, str]:
    """How the platform's owner of the SQL server signs in."""
    secret = credentials.secret_of(found, SQL_OWNER)
    assert secret is not None
    owner = found.directory.of_application(found.present.estate.resources[SQL_OWNER])  # type: ignore[arg-type]
    return {
        "tenant_id": found.directory.tenant,
        "client_id": found.directory.app_id(owner),
        "client_secret": secret,
    }


def whose(found: Ground, token: str) -> str:
    return found.tokens.caller(token, (VAULT,)).principal.name


def test_a_secret(flowehr: Ground) -> None:
    stand = Stand(flowehr)
    credential = identity.ClientSecretCredential(**application(flowehr), transport=stand.transport)
    token = credential.get_token(SCOPE)
    assert whose(flowehr, token.token) == "flowehr-sql-owner-oakvale-prod"
    assert 3500 < token.expires_on - flowehr.now().timestamp() <= 3600
    assert credential.get_token(SCOPE).token == token.token, "the client has kept it"


def test_a_secret_asynchronously(flowehr: Ground) -> None:
    stand = Stand(flowehr)

    async def ask() -> str:
        async with aio.ClientSecretCredential(**application(flowehr), transport=stand.aio) as credential:
            return (await credential.get_token(SCOPE)).token

    assert whose(flowehr, asyncio.run(ask())) == "flowehr-sql-owner-oakvale-prod"


def test_a_wrong_secret_is_refused_once_and_not_shown(flowehr: Ground) -> None:
    stand = Stand(flowehr)
    told = application(flowehr) | {"client_secret": "wrong-and-told-to-nobody"}
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215") as refused:
        identity.ClientSecretCredential(**told, transport=stand.transport).get_token(SCOPE)
    assert "wrong-and-told" not in str(refused.value)
    assert len([one for one in stand.asked if one.startswith("POST")]) == 1


def test_a_certificate_for_several_resources(flowehr: Ground, pem: tuple[bytes, bytes]) -> None:
    stand, told = Stand(flowehr), application(flowehr)
    owner = flowehr.directory.by_app(told["client_id"])
    assert owner is not None
    certificates.register(flowehr, owner, pem[1])
    who: dict[str, Any] = {"certificate_data": b"".join(pem), "transport": stand.transport}
    credential = identity.CertificateCredential(told["tenant_id"], told["client_id"], **who)
    assert whose(flowehr, credential.get_token(SCOPE).token) == owner.name
    again = credential.get_token("https://management.azure.com//.default")
    assert flowehr.tokens.caller(again.token, ("https://management.azure.com",)).principal == owner


def test_a_certificate_asynchronously(flowehr: Ground, pem: tuple[bytes, bytes]) -> None:
    stand, told = Stand(flowehr), application(flowehr)
    owner = flowehr.directory.by_app(told["client_id"])
    assert owner is not None
    certificates.register(flowehr, owner, pem[1])

    async def ask() -> str:
        who: dict[str, Any] = {"certificate_data": b"".join(pem), "transport": stand.aio}
        async with aio.CertificateCredential(told["tenant_id"], told["client_id"], **who) as credential:
            return (await credential.get_token(SCOPE)).token

    assert whose(flowehr, asyncio.run(ask())) == owner.name


def test_a_certificate_with_its_chain_by_msal(flowehr: Ground, pem: tuple[bytes, bytes]) -> None:
    stand, told = Stand(flowehr), application(flowehr)
    owner = flowehr.directory.by_app(told["client_id"])
    assert owner is not None
    mark = x509.load_pem_x509_certificate(pem[1]).fingerprint(hashes.SHA1()).hex()
    certificates.register(flowehr, owner, pem[1])
    for credential in (
        {"private_key": pem[0].decode(), "thumbprint": mark},
        {"private_key": pem[0].decode(), "thumbprint": mark, "public_certificate": pem[1].decode()},
    ):
        app = msal.ConfidentialClientApplication(
            told["client_id"],
            credential,
            f"https://login.microsoftonline.com/{told['tenant_id']}",
            http_client=stand.session,
        )
        assert whose(flowehr, app.acquire_token_for_client([SCOPE])["access_token"]) == owner.name


def test_a_token_of_github(flowehr: Ground) -> None:
    stand = Stand(flowehr)
    owner = next(t.owner for t in federation.trusts(flowehr) if t.subject == GITHUB)
    credential = identity.ClientAssertionCredential(
        flowehr.directory.tenant,
        flowehr.directory.app_id(owner),
        lambda: federation.trial_token(flowehr, GITHUB),
        transport=stand.transport,
    )
    assert whose(flowehr, credential.get_token(SCOPE).token) == "sp-flowehr-ci-oakvale-prod"


def test_a_pipeline_as_the_owner_of_the_twin_runs_it(
    flowehr: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "sp-flowehr-ci-oakvale-prod"
    for file, content in sign_in.files_of(flowehr, name).items():
        (tmp_path / file).write_text(content)
    for variable, value in sign_in.sign_in_of(flowehr, name).items():
        monkeypatch.setenv(variable, value.replace("{files}", str(tmp_path)))
    credential = identity.DefaultAzureCredential(transport=Stand(flowehr).transport)
    assert whose(flowehr, credential.get_token(SCOPE).token) == name
    for other in ("flowehr-webapp-bed-forecast-oakvale-prod", "data-scientist@hospital.example.nhs.uk"):
        assert sign_in.files_of(flowehr, other) == {}
        with pytest.raises(UsageError):
            sign_in.sign_in_of(flowehr, other)


def test_a_site_is_its_identity_and_by_it_its_application(flowehr: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    site = workload(flowehr, "azurerm_linux_web_app.bed_forecast")
    stand = Stand(flowehr, site.key)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://{APP_SERVICE}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", stand.identity.header_of(site))
    (own,) = site.identities  # type: ignore[misc]
    client = flowehr.directory.app_id(own)
    machine = identity.ManagedIdentityCredential(client_id=client, transport=stand.transport)
    assert whose(flowehr, machine.get_token(SCOPE).token) == "id-bed-forecast-oakvale-prod"

    async def ask() -> str:
        async with aio.ManagedIdentityCredential(client_id=client, transport=stand.aio) as credential:
            return (await credential.get_token(SCOPE)).token

    assert whose(flowehr, asyncio.run(ask())) == "id-bed-forecast-oakvale-prod"

    sign_in = next(p for p in flowehr.directory.everybody() if p.name == "flowehr-webapp-bed-forecast-oakvale-prod")
    app = identity.ClientAssertionCredential(
        flowehr.directory.tenant,
        flowehr.directory.app_id(sign_in),
        lambda: machine.get_token("api://AzureADTokenExchange/.default").token,
        transport=stand.transport,
    )
    assert whose(flowehr, app.get_token(SCOPE).token) == sign_in.name


def test_a_machine(eudcc: Ground) -> None:
    stand = Stand(eudcc, "dev#azurerm_linux_virtual_machine.ie")
    token = identity.ManagedIdentityCredential(transport=stand.transport).get_token(SCOPE)
    assert whose(eudcc, token.token) == "vm-jump-eudcc-ie-prod"
    assert 86_000 < token.expires_on - eudcc.now().timestamp() <= 86_400

    async def ask() -> str:
        async with aio.ManagedIdentityCredential(transport=stand.aio) as credential:
            return (await credential.get_token(SCOPE)).token

    assert whose(eudcc, asyncio.run(ask())) == "vm-jump-eudcc-ie-prod"


def pod(found: Ground, end: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """A stand in a pod, as the webhook of workload identity makes it."""
    one = workload(found, end)
    token = federation.service_account_token(found, one)
    assert token
    (folder / "token").write_text(token)
    own = next(p for p in one.identities if not p.key.endswith("kubelet"))  # type: ignore[union-attr]
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(folder / "token"))
    monkeypatch.setenv("AZURE_TENANT_ID", found.directory.tenant)
    monkeypatch.setenv("AZURE_CLIENT_ID", found.directory.app_id(own))
    return Stand(found, one.key)


def test_a_pod(eudcc: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand = pod(eudcc, "dgca_issuance_service_deployment", tmp_path, monkeypatch)
    credential = identity.WorkloadIdentityCredential(transport=stand.transport)
    for scope in (SCOPE, "https://ossrdbms-aad.database.windows.net/.default"):
        token = credential.get_token(scope).token
        caller = eudcc.tokens.caller(token, (scope.removesuffix("/.default"),))
        assert caller.principal.name == "dgca-issuance-service"


def test_the_default_of_a_pod(eudcc: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand = pod(eudcc, "dgc_gateway_deployment", tmp_path, monkeypatch)
    assert whose(eudcc, identity.DefaultAzureCredential(transport=stand.transport).get_token(SCOPE).token) == (
        "dgc-gateway"
    )

    async def ask() -> str:
        async with aio.DefaultAzureCredential(transport=stand.aio) as credential:
            return (await credential.get_token(SCOPE)).token

    assert whose(eudcc, asyncio.run(ask())) == "dgc-gateway"


def test_the_default_of_variables(flowehr: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in application(flowehr).items():
        monkeypatch.setenv(f"AZURE_{name.upper()}", value)
    token = identity.DefaultAzureCredential(transport=Stand(flowehr).transport).get_token(SCOPE).token
    assert whose(flowehr, token) == "flowehr-sql-owner-oakvale-prod"


def test_the_default_of_a_machine(eudcc: Ground) -> None:
    stand = Stand(eudcc, "dev#azurerm_linux_virtual_machine.eu")
    credential = identity.DefaultAzureCredential(transport=stand.transport)
    assert whose(eudcc, credential.get_token(SCOPE).token) == "vm-jump-eudcc-eu-prod"


def signing_in(found: Ground, name: str) -> Any:
    """Somebody who, shown a code, signs in on the test page by that name."""
    stand = Stand(found)

    def prompt(uri: str, code: str, _: Any) -> None:
        assert uri == device.PAGE
        page = stand.ask("GET", f"{uri}?otc={code}")
        assert b"test page" in page.body
        assert name.encode() in page.body
        body = f"user_code={code}&account={name}".encode()
        kind = {"content-type": "application/x-www-form-urlencoded"}
        threading.Timer(0, lambda: stand.ask("POST", uri, body, kind)).run()

    return prompt


def test_a_guest_by_device_code(flowehr: Ground) -> None:
    name = "data-scientist@hospital.example.nhs.uk"
    credential = identity.DeviceCodeCredential(
        tenant_id=flowehr.directory.tenant,
        prompt_callback=signing_in(flowehr, name),
        transport=Stand(flowehr).transport,
    )
    record = credential.authenticate(scopes=[SCOPE])
    assert record.username == name
    caller = flowehr.tokens.caller(credential.get_token(SCOPE).token, (VAULT,))
    assert (caller.principal.kind, caller.name) == ("guest", name)
    home = flowehr.directory.home_tenant(caller.principal)
    assert caller.claims["idp"] == f"https://sts.windows.net/{home}/"
    assert caller.tenant == flowehr.directory.tenant != home
    other = credential.get_token("https://management.azure.com/.default").token
    assert flowehr.tokens.caller(other, ("https://management.azure.com/",)).name == name, "by the refresh token"


def test_a_guest_who_signs_in_at_home_gets_nothing_here(flowehr: Ground) -> None:
    name = "data-scientist@hospital.example.nhs.uk"
    credential = identity.DeviceCodeCredential(
        prompt_callback=signing_in(flowehr, name), transport=Stand(flowehr).transport
    )
    token = credential.get_token(SCOPE).token
    with pytest.raises(Exception, match="another issuer"):
        flowehr.tokens.caller(token, (VAULT,))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nobody_signs_in_by_a_password(flowehr: Ground) -> None:
    """Source: EUDCC deep dives: stored passwords are removed, user accounts and managed identities are used."""
    program = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
    told: dict[str, Any] = {"tenant_id": flowehr.directory.tenant, "transport": Stand(flowehr).transport}
    credential = identity.UsernamePasswordCredential(program, "data-scientist@hospital.example.nhs.uk", "p", **told)
    with pytest.raises(ClientAuthenticationError, match="AADSTS70003"):
        credential.get_token(SCOPE)


def test_msal_by_device_code(flowehr: Ground) -> None:
    stand = Stand(flowehr)
    authority = f"https://login.microsoftonline.com/{flowehr.directory.tenant}"
    app = msal.PublicClientApplication(
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46", authority=authority, http_client=stand.session
    )
    flow = app.initiate_device_flow([SCOPE])
    signing_in(flowehr, "bed-manager@mail.example.nhs.uk")(flow["verification_uri"], flow["user_code"], None)
    found = app.acquire_token_by_device_flow(flow)
    assert found["id_token_claims"]["preferred_username"] == "bed-manager@mail.example.nhs.uk"
    (account,) = app.get_accounts()
    silent = app.acquire_token_silent(["https://storage.azure.com/.default"], account)
    assert flowehr.tokens.caller(silent["access_token"], ("https://storage.azure.com",)).principal.kind == "guest"
