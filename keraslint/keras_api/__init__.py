"""What Keras is: its public names, spellings, signatures and identifiers, by version. It imports no Keras.

The data under `data/` is generated from real Keras versions by `tools/generate_keras_api.py`.
"""

from keraslint.keras_api.arguments import (
    accepts,
    dropped_in_silence,
    instead_of,
    known_to_no_version,
    modern_argument,
    nearest_argument,
    refuses,
)
from keraslint.keras_api.identifiers import from_identifier, is_class_of, loss_class, metric_class, nearest_identifier
from keraslint.keras_api.imports import gone_from, successor_of_import
from keraslint.keras_api.names import (
    below_root,
    canonical,
    is_frozen,
    is_keras_module,
    versions_with,
    well_known,
)
from keraslint.keras_api.preprocessing import (
    NO_PREPROCESSING,
    preprocessing_family,
    preprocessing_for,
    preprocessing_functions,
    preprocessing_of,
)
from keraslint.keras_api.symbols import (
    NEWEST,
    OPAQUE,
    REQUIRED,
    VERSIONS,
    Category,
    Kind,
    Parameter,
    ParameterKind,
    Symbol,
    symbol,
)
from keraslint.keras_api.versions import neighbors

__all__ = [
    "NEWEST",
    "NO_PREPROCESSING",
    "OPAQUE",
    "REQUIRED",
    "VERSIONS",
    "Category",
    "Kind",
    "Parameter",
    "ParameterKind",
    "Symbol",
    "accepts",
    "below_root",
    "canonical",
    "dropped_in_silence",
    "from_identifier",
    "gone_from",
    "instead_of",
    "is_class_of",
    "is_frozen",
    "is_keras_module",
    "known_to_no_version",
    "loss_class",
    "metric_class",
    "modern_argument",
    "nearest_argument",
    "nearest_identifier",
    "neighbors",
    "preprocessing_family",
    "preprocessing_for",
    "preprocessing_functions",
    "preprocessing_of",
    "refuses",
    "successor_of_import",
    "symbol",
    "versions_with",
    "well_known",
]
