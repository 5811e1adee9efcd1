"""Reports as their reporter's page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import Text
from social.models import Report, ReportState
from social.services.report_desk import about_of
from social.services.report_reasons import reason_label

_MARKS = {
    ReportState.OPEN: ("clock", "wait"),
    ReportState.ASSIGNED: ("eye", "wait"),
    ReportState.RESOLVED: ("circle-check", "done"),
    ReportState.DISMISSED: ("circle-slash", "none"),
}


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report. `icon` and `mark` say how it stands beside the words."""

    report: Report
    about: str
    reason: Text
    icon: str
    mark: str


def report_views(rows: Iterable[Report]) -> list[ReportView]:
    """Rows for the template; no queries but the rows' own."""
    return [ReportView(row, about_of(row), reason_label(row.reason), *_MARKS[ReportState(row.state)]) for row in rows]
