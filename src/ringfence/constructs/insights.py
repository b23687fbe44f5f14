"""Application Insights: telemetry of applications, kept in the workspace and sent by who has signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.grant import grant
from ringfence.model.register import Relaxation

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.constructs.workspace import PrivateLogs
    from ringfence.model.blueprint import File
    from ringfence.model.symbol import Value

SIGNED_IN = "Authorization=AAD"
"""What an application's agent is told to send telemetry with: the directory's token, of which identity is appended.

Source: learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication
"""


class Insights:
    """A component whose telemetry is in the workspace; its key opens nothing, and the internet neither sends nor asks.

    `public` is the switch that lets telemetry be sent and asked for over the internet.
    """

    def __init__(
        self, file: File, name: str, home: Home, *, called: str, logs: PrivateLogs | None = None, public: str = ""
    ) -> None:
        """`logs` is the way by which telemetry is sent and queried in the network."""
        self.file, self.called = file, called
        self.component = file.resource(
            "azurerm_application_insights",
            name,
            name=called,
            **home.placed,
            application_type="web",
            workspace_id=home.workspace,
            local_authentication_enabled=False,
            internet_ingestion_enabled=bool(public),
            internet_query_enabled=bool(public),
        )
        if public:
            self._relaxed(public)
        if logs is not None:
            logs.has(name, self.component, called=called, file=file)

    @property
    def id(self) -> Value:
        return self.component.id

    @property
    def connection(self) -> Value:
        """Where telemetry goes. It is no secret: without a role it admits nobody."""
        return self.component.ref("connection_string")

    def may_send(self, name: str, *, who: Value, called: str, file: File | None = None) -> None:
        """The principal sends telemetry to the component."""
        grant(
            file or self.file,
            name,
            who=who,
            called=called,
            may="Monitoring Metrics Publisher",
            on=self.id,
            what=self.called,
            why=f"{called} sends its telemetry as itself.",
        )

    def _relaxed(self, switch: str) -> None:
        found = self.file.layer.register.relaxations
        for word in ("ingestion", "query"):
            why, items = "telemetry crosses the internet", (f"application-insights-public-{word}",)
            found.append(Relaxation(switch, self.component.key, f"internet_{word}_enabled", items, why))
