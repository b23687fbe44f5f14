"""What FlowEHR says of each app that a configuration has: nobody else gets at what is the app's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ringfence.platforms.flowehr.settings.apps import App

DEPLOYER = "whoever runs Terraform"


def claims(apps: tuple[App, ...]) -> str:
    """The claims of all apps, as a decisions file has them."""
    import json

    found = [claim for app in apps for claim in _of(app)]
    return json.dumps({"claims": found}) if found else ""


def _of(app: App) -> Iterator[Mapping[str, object]]:
    identity = f"id-{app.dashed}-*"
    if app.secrets:
        yield {
            "claim": f"The secrets of {app.name} are read by it alone, and by the deployment that writes them",
            "only": {"can": "read", "on": f"*-serve/secrets/{app.dashed}-*", "principals": [identity, DEPLOYER]},
        }
    yield {
        "claim": f"The database of {app.name} is read by it alone",
        "only": {"can": "read", "on": f"{app.dashed}-state", "principals": [identity]},
    }
