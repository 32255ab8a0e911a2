"""What people see who have a symptom and no name for it, and the rules that may say why, the likeliest first."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from keraslint.rules.framework import Rule, Symptom, all_rules


class Sight(NamedTuple):
    """Something that one sees of a training."""

    title: str
    symptoms: tuple[Symptom, ...]
    """A rule that declares one of these belongs here."""
    words: str
    """So does one whose page says this of the training; a short sentence that does is quoted."""
    asked: str
    """How people say it."""


SIGHTS = (
    Sight(
        "The loss does not change",
        (Symptom.CONSTANT, Symptom.NO_GRADIENT, Symptom.PLATEAU),
        r"loss (stays|is 0|is constant|never|does not)|never learn|no gradient|no weight .* moves|learns? nothing",
        r"loss.*(stuck|constant|change|same|stay|plateau|decreas|flat|move|improv|zero|\b0(\.0+)?\b)"
        r"|not (learn|train)"
        r"|(doesn|isn|won|not).*learn|no gradient|gradients? (are|is) none|learns? nothing"
        r"|weights? .*(same|change|move)",
    ),
    Sight(
        "The loss falls, but slowly, or ends too high",
        (Symptom.SLOWER,),
        r"learns? slow",
        r"slow|too high|high loss|loss.*high|underfit|poor|bad (result|accuracy)",
    ),
    Sight(
        "The loss grows",
        (Symptom.DIVERGES,),
        r"diverge|loss (grows|rises)",
        r"diverg|explod|loss.*(grow|ris|increas|huge|large)",
    ),
    Sight("The loss is NaN", (Symptom.NAN,), r"\bNaN\b", r"\bnan\b|\binf(inity|inite)?\b"),
    Sight(
        "The loss is negative",
        (),
        r"loss[^.:;]* (negative|below zero)|negative loss",
        r"negative|below (zero|0)|loss.*-\d",
    ),
    Sight(
        "Every prediction is the same, always the same class",
        (Symptom.CONSTANT,),
        r"same class|every prediction|same answer|always predicts|same for (every|all|most)|class 0",
        r"(predict|output|class|answer).*(same|constant|always|only|one|identical|all)|(same|always|only).*(predict|class"
        r"|output)",
    ),
    Sight(
        "The accuracy stays at 0, at chance, or where it began",
        (Symptom.METRIC,),
        r"accuracy (stays|never|does not)|accuracy of chance|is chance",
        r"acc(uracy)?\b|metric|iou|\bf1\b|auc|recall|precision|confusion",
    ),
    Sight(
        "The validation is far better, far worse or other than it should be",
        (),
        r"validat|what it is tested on|new data|held out|score",
        r"val(idation|_\w+)?\b|test (score|acc|loss)|generali|overfit|too good|evaluate.*differ",
    ),
    Sight(
        "Keras says that shapes do not fit",
        (),
        r"\b(shape|dimension|rank|axes|axis)\b",
        r"shape|dimension|rank|ndim|axis|axes|incompatible|broadcast",
    ),
    Sight(
        "Keras raises, or the code ran with an older Keras",
        (Symptom.RAISES,),
        r"raises|rejects|no longer",
        r"rais|error|exception|traceback|attribute|unexpected|keyword|no longer|deprecat|import|version",
    ),
    Sight(
        "A saved model does not load, or is another one afterwards",
        (),
        r"\b(sav(e|es|ed|ing)|load(s|ed|ing)?|load_model|checkpoint)\b",
        r"\bsav|\bload|checkpoint|restor|serializ|custom.object",
    ),
    Sight(
        "All looks well, and something is not done as asked",
        (Symptom.NONE,),
        r"in silence|has no effect|ignored",
        r"ignor|no effect|nothing happens|silent",
    ),
)

_ORDER = {"E": 0, "W": 1, "R": 2}


@cache
def rules_for(sight: Sight) -> tuple[tuple[Rule, str], ...]:
    """The rules that may say why one sees this, each with what its page says of it (or nothing).

    First those whose symptom was observed to be this and whose page says so in words; among them what is proven by the
    source comes before what is almost surely a fault, and that before advice.
    """
    found: list[tuple[int, int, str, Rule, str]] = []
    for rule in all_rules():
        quoted = said_of_training(rule, sight.words)
        declared = bool(set(sight.symptoms).intersection(rule.symptoms))
        if quoted or declared:
            found.append((-(bool(quoted) + declared), _ORDER[rule.category], rule.msgid[1:], rule, quoted))
    return tuple((rule, quoted) for *_, rule, quoted in sorted(found, key=lambda row: row[:3]))


def said_of_training(rule: Rule, words: str) -> str:
    """The first sentence of a page's reason that has these words; empty when none has."""
    reason = rule.page.partition("## Why training fails\n")[2].partition("\n## ")[0]
    prose = re.sub(r"```.*?```|^[|].*$", "", reason, flags=re.DOTALL | re.MULTILINE)
    sentences = re.split(r"(?<=\.)\s+(?=[A-Z`])", " ".join(prose.split()))
    return next((sentence for sentence in sentences if re.search(words, sentence)), "")


def sights_of(text: str) -> tuple[Sight, ...]:
    """What somebody may mean who says this, the sight that has most of the words first; none where nothing fits."""
    counted = [(len(re.findall(sight.asked, text, re.IGNORECASE)), sight) for sight in SIGHTS]
    return tuple(sight for count, sight in sorted(counted, key=lambda pair: -pair[0]) if count)


_COMMON = frozenset(
    (
        *("and", "are", "but", "does", "for", "from", "loss", "model", "not", "keras", "same", "stay", "stays", "that"),
        *("the", "training", "why", "with", "change", "changes", "learn", "stuck"),
    )
)
"""Words that tell no rule from another."""


def ranked(sight: Sight, text: str) -> list[Rule]:
    """The rules of a sight, those first whose names, or whose pages, have most of the words that somebody used."""
    words = {word.rstrip("s") for word in re.findall(r"[a-z_]{3,}|\d+\.?\d*", text.lower()) if word not in _COMMON}
    special = [word for word in words if not re.search(sight.asked, word, re.IGNORECASE)]

    def fits(rule: Rule) -> int:
        page = rule.page.lower()
        named = sum(word in rule.symbol for word in words)
        told = sum(bool(re.search(rf"\b{re.escape(word)}", page)) for word in special)
        return told + 2 * sum(word in rule.symbol for word in special) + (named if named > 1 else 0)

    return sorted((rule for rule, _ in rules_for(sight)), key=lambda rule: -fits(rule))
