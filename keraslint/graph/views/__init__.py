"""Views: what a rule may ask the graph for. Each enumerates itself, and knows its place and its training."""

from keraslint.graph.observations import Observation
from keraslint.graph.sources import is_symbolic, sources_of
from keraslint.graph.views.callbacks import Callback
from keraslint.graph.views.data import Data
from keraslint.graph.views.frozen import Frozen, LateSwitch
from keraslint.graph.views.gradients import LossPath, gradient_reaches
from keraslint.graph.views.heads import Activation, Head, activation_of, heads_of
from keraslint.graph.views.labels import Labels
from keraslint.graph.views.logs import Logs
from keraslint.graph.views.optimizers import ADAPTIVE, Optimizer
from keraslint.graph.views.refusals import Refusal, channels_come_first
from keraslint.graph.views.runs import Run
from keraslint.graph.views.scalings import PASSED, Change, Total, Way, changes_of, total_of, ways_of
from keraslint.graph.views.shares import Share, shares_of
from keraslint.graph.views.specs import Spec
from keraslint.graph.views.subjects import (
    about,
    are_about_the_same,
    belongs_to,
    calls_in,
    head_of,
    is_in,
    learns_further,
    name_of,
    objects_in,
)
from keraslint.graph.views.terms import DIFFERENCES, PRODUCTS, QUOTIENTS, Term, operands, terms_of
from keraslint.graph.views.traits import NOISE, activation_name, both_ways, unwrapped
from keraslint.graph.views.ways import comes_from, stretches
from keraslint.graph.views.weights import Initializer, Weights
from keraslint.graph.views.wiring import Link, Wiring, applies_kernel

__all__ = [
    "ADAPTIVE",
    "DIFFERENCES",
    "NOISE",
    "PASSED",
    "PRODUCTS",
    "QUOTIENTS",
    "Activation",
    "Callback",
    "Change",
    "Data",
    "Frozen",
    "Head",
    "Initializer",
    "Labels",
    "LateSwitch",
    "Link",
    "Logs",
    "LossPath",
    "Observation",
    "Optimizer",
    "Refusal",
    "Run",
    "Share",
    "Spec",
    "Term",
    "Total",
    "Way",
    "Weights",
    "Wiring",
    "about",
    "activation_name",
    "activation_of",
    "applies_kernel",
    "are_about_the_same",
    "belongs_to",
    "both_ways",
    "calls_in",
    "changes_of",
    "channels_come_first",
    "comes_from",
    "gradient_reaches",
    "head_of",
    "heads_of",
    "is_in",
    "is_symbolic",
    "learns_further",
    "name_of",
    "objects_in",
    "operands",
    "shares_of",
    "sources_of",
    "stretches",
    "terms_of",
    "total_of",
    "unwrapped",
    "ways_of",
]
