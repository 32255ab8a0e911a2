"""From finding to evidence: trains the flagged model and its twin in real Keras, in a child, and judges.

Importing this package imports no Keras; only the modules in `child`, which run in a process of their own, do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from keraslint.confirm.evidence import ConfirmError, Elsewhere, Evidence, Report, Run, Settings, Trained, Verdict
from keraslint.confirm.judge import is_in_doubt, judge
from keraslint.confirm.plan import Plan
from keraslint.confirm.plotting import plot, require_plot
from keraslint.confirm.pool import Sessions
from keraslint.confirm.session import Listener, Progress, Session
from keraslint.confirm.variants import CLASSES, REAL_VALUES, Case, Check, Read, Source, cases
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
    if settings.plot is not None:
        require_plot(settings.plot)
    started = time.monotonic()
    session.begin()
    program = read(source, path)
    findings = check(program)
    open_cases = cases(Source(source, path, program, findings, read, check), settings.steps, chosen)
    seen: dict[str, Trained] = {}
    later = {plan.key for case in open_cases for plan in case.later}
    _train([plan for case in open_cases for plan in case.plans], seen, session, progress, len(later))
    first = [judge(case, _evidence(case, seen)) for case in open_cases]
    doubts = [case.doubts(v.symptom) for case, v in zip(open_cases, first, strict=True) if is_in_doubt(v)]
    _train([plan for plans in doubts for plan in plans], seen, session, progress)
    verdicts = [judge(case, _evidence(case, seen)) for case in open_cases]
    seconds = time.monotonic() - started
    report = Report(path, tuple(verdicts), seconds, session.keras_version, settings.backend, settings)
    if settings.plot is not None:
        plot(report, settings.plot)
    return report


def _train(
    plans: Sequence[Plan], seen: dict[str, Trained], session: Session, progress: Listener | None, later: int = 0
) -> None:
    """Add to ``seen`` what is seen of each plan, by its key; plans that several findings share are trained once."""
    distinct = {plan.key: plan for plan in plans if plan.key not in seen}
    if distinct:
        # One after the other where only the learning rate differs: the child then keeps what it has compiled.
        ordered = sorted(distinct.values(), key=lambda plan: plan.key_without_optimizer)
        seen.update(zip((plan.key for plan in ordered), session.train(ordered, progress, later), strict=True))


def _evidence(case: Case, seen: dict[str, Trained]) -> Evidence | None:
    """What was seen of the plans of one case; None when nothing was tried."""
    if case.flagged is None or case.flagged.key not in seen:
        return None
    twin = seen[case.twin.key] if case.twin else None
    control = seen.get(case.control.key) if case.control else None
    elsewhere = None
    if case.elsewhere and all(plan.key in seen for plan in case.elsewhere):
        flagged, fixed = (seen[plan.key] for plan in case.elsewhere)
        elsewhere = Elsewhere(flagged, fixed, REAL_VALUES, CLASSES)
    return Evidence(seen[case.flagged.key], twin, case.head, control, elsewhere)
