"""From finding to evidence: trains the flagged model and its twin in real Keras, in a child, and judges.

Importing this package imports no Keras; only the modules in `child`, which run in a process of their own, do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from keraslint.confirm.evidence import ConfirmError, Evidence, Report, Run, Settings, Trained, Verdict
from keraslint.confirm.judge import judge
from keraslint.confirm.plan import Plan
from keraslint.confirm.report import plot
from keraslint.confirm.session import Listener, Progress, Session, Sessions
from keraslint.confirm.variants import Case, Check, Read, Source, cases
from keraslint.rules.framework import Finding

__all__ = [
    "ConfirmError",
    "Evidence",
    "Progress",
    "Report",
    "Run",
    "Session",
    "Sessions",
    "Settings",
    "Trained",
    "Verdict",
    "confirm",
]

Chosen = Callable[[Finding], bool]


def confirm(
    source: str,
    path: str,
    read: Read,
    check: Check,
    settings: Settings | None = None,
    progress: Listener | None = None,
    *,
    session: Session | None = None,
    chosen: Chosen = lambda finding: True,
) -> Report:
    """Judge every finding of one file by training.

    ``read`` turns source and path into a program, ``check`` gives its findings, of which those ``chosen`` are judged
    (the others are fixed on both sides), and ``progress`` is called now and then while the child trains. A
    ``session`` serves one file after another, each with the time limit of its settings; without one, it is made
    from ``settings`` for this file alone.

    Raises:
        ConfirmError: Keras or its backend is missing, there is no such backend, or no plot can be drawn.
        What ``read`` raises on a file that cannot be read.
    """
    if session is None:
        with Session(settings or Settings()) as own:
            return confirm(source, path, read, check, progress=progress, session=own, chosen=chosen)
    settings = session.settings
    started = time.monotonic()
    session.begin()
    program = read(source, path)
    findings = check(program)
    open_cases = cases(Source(source, path, program, findings, read, check), settings.steps)
    open_cases = [case for case in open_cases if chosen(case.finding)]
    seen = _train(open_cases, session, progress)
    verdicts = [_verdict(case, seen) for case in open_cases]
    seconds = time.monotonic() - started
    report = Report(path, tuple(verdicts), seconds, session.keras_version, settings.backend, settings)
    if settings.plot is not None:
        plot(report, settings.plot)
    return report


def _train(open_cases: Sequence[Case], session: Session, progress: Listener | None) -> dict[str, Trained]:
    """What was seen of each distinct plan, by its key; plans that several findings share are trained once."""
    distinct: dict[str, Plan] = {}
    for case in open_cases:
        for plan in (case.flagged, case.twin):
            if plan is not None and case.reason is None:
                distinct.setdefault(plan.key, plan)
    if not distinct:
        return {}
    return dict(zip(distinct, session.train(list(distinct.values()), progress), strict=True))


def _verdict(case: Case, seen: dict[str, Trained]) -> Verdict:
    flagged = seen.get(case.flagged.key) if case.flagged else None
    twin = seen.get(case.twin.key) if case.twin else None
    return judge(case, flagged, twin)
