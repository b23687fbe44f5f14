"""Users of databases: each application signs in with its own identity, and to its own database only.

A server knows an application's identity after its administrator, an identity itself, has said so in SQL. A job does
that for each application, in a namespace of its own: no application can have the administrator's tokens.

Source: learn.microsoft.com/azure/mysql/flexible-server/how-to-connect-with-managed-identity
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs import kubernetes, pod
from ringfence.constructs.kubernetes import Manifests
from ringfence.constructs.pod import Container
from ringfence.constructs.workload import OUTSIDE, subject
from ringfence.model.register import DatabaseUser
from ringfence.model.symbol import text

if TYPE_CHECKING:
    from ringfence.constructs.kubernetes import Peer
    from ringfence.constructs.pod import Image
    from ringfence.constructs.workload import Workload
    from ringfence.model.blueprint import Declared, Layer
    from ringfence.model.symbol import Value
    from ringfence.platforms.eudcc.region import Region

SPACE = "database-setup"
TOKEN_SECONDS, CONNECTION_SECONDS = 3600, 900
"""A token lives an hour at least; no connection lives as long, so that a right that was taken away ends with it.

Source: learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes
"""
_RIGHTS = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES"
"""What an application that changes its own tables at its start needs."""
_WHY = "It keeps its own data there. A job makes it a user before its pods run."
_PLUGIN = "com.azure.identity.extensions.jdbc.mysql.AzureMysqlAuthenticationPlugin"
_SCRIPT = """\
#!/bin/bash
# Signs in as the server's administrator, by the token of this pod, and runs the statements beside this file.
set -euo pipefail
az login --service-principal --username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" \\
  --federated-token "$(cat "$AZURE_FEDERATED_TOKEN_FILE")" --allow-no-subscriptions --output none
MYSQL_PWD=$(az account get-access-token --resource-type oss-rdbms --query accessToken --output tsv)
export MYSQL_PWD
mysql --host="$DATABASE_HOST" --user="$DATABASE_ADMINISTRATOR" --enable-cleartext-plugin \\
  --ssl-mode=VERIFY_IDENTITY --ssl-ca=/etc/ssl/certs/ca-certificates.crt < /setup/create-user.sql
"""


class Databases:
    """The databases of a region's server and who may use which."""

    def __init__(self, region: Region, layer: Layer, image: Image, server: Peer) -> None:
        self._server, self.image, self._way = region.mysql, image, server
        self._register = layer.register
        self._manifests = Manifests(layer.file("database-setup.tf", "Who may use which database."))
        administrator = region.mysql.administrator
        administrator.trusts(
            "database_setup",
            called=SPACE,
            issuer=region.cluster.issuer,
            subject=subject(SPACE, SPACE),
            why="The jobs that make the databases' users act as the administrator, and nobody else does.",
        )
        self._manifests.apply(kubernetes.namespace(SPACE))
        self._manifests.apply(kubernetes.closed(SPACE))
        self._manifests.apply(kubernetes.service_account(SPACE, SPACE, administrator.client))

    def database(self, workload: Workload, called: str) -> Declared:
        """A database of an application's own."""
        return self._server.database(workload.file, called.replace("-", "_"), called=called)

    def user(self, workload: Workload, database: Declared) -> Declared:
        """The application's identity may use the database, and no other."""
        name = workload.called
        apply = self._manifests.apply
        apply(kubernetes.allowed(name, SPACE, app=name, go=(self._way, OUTSIDE)))
        files: dict[str, Value] = {"create-user.sh": _SCRIPT, "create-user.sql": _sql(workload, database)}
        apply(kubernetes.config_map(name, SPACE, files))
        job = pod.job(name, SPACE, self._container(), account=SPACE, config=name, state=pod.state_of(files))
        self._register.users.append(DatabaseUser(database.key, name, tuple(_RIGHTS.split(", ")), _WHY))
        return apply(job, after=(database,))

    def _container(self) -> Container:
        return Container(
            "create-user",
            self.image,
            command=("/bin/bash", "/setup/create-user.sh"),
            env={
                "AZURE_CONFIG_DIR": "/tmp/azure",
                "DATABASE_HOST": self._server.fqdn,
                "DATABASE_ADMINISTRATOR": self._server.administrator.identity.ref("name"),
            },
            files={f"/setup/{file}": file for file in ("create-user.sh", "create-user.sql")},
        )

    def settings(self, workload: Workload, database: Declared) -> dict[str, Value]:
        """How a Spring application signs in: over TLS, with a token of its identity. There is no password."""
        plugin = f"defaultAuthenticationPlugin={_PLUGIN}&authenticationPlugins={_PLUGIN}"
        where = text("jdbc:mysql://", self._server.fqdn, ":3306/", database.ref("name"))
        return {
            "spring.datasource.url": text(where, f"?sslMode=VERIFY_IDENTITY&{plugin}"),
            "spring.datasource.username": workload.identity.identity.ref("name"),
            "spring.datasource.azure.passwordless-enabled": "true",
            "spring.datasource.hikari.maxLifetime": str(CONNECTION_SECONDS * 1000),
            "spring.datasource.hikari.idleTimeout": "120000",
        }


def _sql(workload: Workload, database: Declared) -> Value:
    who = text("'", workload.identity.identity.ref("name"), "'")
    return text(
        "-- The server takes the identity's client id as it is; it need not look it up.\n",
        "SET aad_auth_validate_oids_in_tenant = OFF;\n",
        text("DROP USER IF EXISTS ", who, "@'%';\n"),
        text("CREATE AADUSER ", who, " IDENTIFIED BY '", workload.identity.client, "';\n"),
        text(f"GRANT {_RIGHTS} ON `", database.ref("name"), "`.* TO ", who, "@'%';\n"),
    )
