"""Where the audit of an Azure SQL server goes.

Source: learn.microsoft.com/azure/azure-sql/database/auditing-setup
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import equals, is_on
from ringfence.model.verdict import Verdict, all_of, any_of
from ringfence.questions.logs.categories import MASTER
from ringfence.questions.logs.kept import Kept, kept, number
from ringfence.questions.logs.settings import is_written, lands, sent
from ringfence.questions.logs.trace import Trace
from ringfence.questions.reference import is_given

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.sql import SqlDatabase, SqlServer

EVENTS = "SQLSecurityAuditEvents"


def audited(server: SqlServer, estate: Estate) -> Verdict:
    """Audit records are written somewhere: to storage, or by a diagnostic setting of the master database.

    An auditing policy alone, offered to Azure Monitor, records nothing until a setting takes it up.
    """
    stored = is_given(server, server.auditing_storage, estate, "a storage endpoint")
    offered = is_on(server.auditing_azure_monitor)
    monitored = offered
    if offered.outcome != "fail":
        monitored = all_of(offered, sent(server, estate, (EVENTS,), MASTER))
    return all_of(equals(server.auditing_state, "Enabled"), any_of(stored, monitored))


def stored(resource: SqlServer | SqlDatabase, estate: Estate) -> tuple[Verdict, tuple[Kept, ...]]:
    """The auditing policy writes to a storage account, and where that is."""
    link = resource.auditing_storage
    if not is_written(link):
        return Verdict("fail", (), "its audit is written to no storage account"), ()
    verdict = all_of(equals(resource.auditing_state, "Enabled"), lands(resource, link, estate))
    days = number(resource.auditing_retention_days)
    own = days if isinstance(days, int) and days > 0 else None
    trace = Trace(None, "sqldbauditlogs")
    to = kept(resource, link, "storage", estate, trace, sure=verdict.outcome == "pass", own=own)
    return verdict, to if verdict.outcome != "fail" else ()
