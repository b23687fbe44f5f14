"""The answer to a query as the query service writes it.

Source: learn.microsoft.com/azure/azure-monitor/logs/api/response-format
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringfence.twin.logs.asked import Asked
    from ringfence.twin.logs.kql import Answer

_RENDER = re.compile(r"\|\s*render\s+(\w+)[^|]*$")
_DRAWN = ("title", "accumulate", "isQuerySorted", "kind", "legend", "series", "yMin", "yMax", "xAxis", "xColumn",
          "xTitle", "yAxis", "yColumns", "ySplit", "yTitle", "anomalyColumns")  # fmt: skip


def reply(found: Answer, what: Asked, seconds: float, most: int) -> dict[str, Any]:
    """The body: the table, and what else was asked for; an error beside it where rows were left out."""
    columns = [{"name": name, "type": kind} for name, kind in found.columns]
    body: dict[str, Any] = {"tables": [{"name": "PrimaryResult", "columns": columns, "rows": list(found.rows)}]}
    if not found.whole:
        body["error"] = _partial(most)
    if what.statistics:
        body["statistics"] = _statistics(seconds, found)
    if what.render:
        body["render"] = _render(what.query)
    return body


def _partial(most: int) -> dict[str, Any]:
    message = f"The results of this query exceed the set limit of {most} records."
    inner = {"code": "-2133196797", "message": message, "severity": 2, "severityName": "Error"}
    detail = {"code": "EngineError", "message": "Something went wrong processing your query.", "innererror": inner}
    said = "There were some errors when processing your query."
    return {"code": "PartialError", "message": said, "details": [detail]}


def _statistics(seconds: float, found: Answer) -> dict[str, Any]:
    inputs = [
        {"table": name, "rows": {"total": count, "scanned": count}} for name, count in sorted(found.counted.items())
    ]
    return {"query": {"executionTime": seconds, "inputDatasetStatistics": inputs,
                      "datasetStatistics": [{"tableRowCount": len(found.rows)}]}}  # fmt: skip


def _render(query: str) -> dict[str, Any]:
    found = _RENDER.search(query.strip())
    return {"visualization": found[1] if found else None, **dict.fromkeys(_DRAWN)}
