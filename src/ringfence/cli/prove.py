"""``ringfence prove``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringfence.adherence.assessment import Assessment


def run(options: Any) -> int:
    """Prints the assessment in the format asked for and returns its exit status."""
    from ringfence.cli.request import requested
    from ringfence.cli.terminal import put
    from ringfence.prove import prove

    request, progress = requested(options)
    try:
        assessment = prove(request)
    finally:
        progress.end()
    printed = _formatted(assessment, options)
    if options.output:
        from pathlib import Path

        from ringfence.documents.write import write

        write(Path(options.output), printed)
    else:
        put(printed)
    return assessment.exit


def _formatted(assessment: Assessment, options: Any) -> str:
    if options.format == "json":
        from ringfence.documents.data import dumped

        return dumped(assessment)
    if options.format == "markdown":
        from ringfence.documents.markdown import markdown

        return markdown(assessment)
    if options.format == "html":
        from ringfence.documents.html import html

        return html(assessment)
    from ringfence.cli.terminal import page
    from ringfence.documents.text import text

    return text(assessment, page(options))
