"""Families of losses, metrics and activations that several rules ask about, by Keras's names. Sets only."""

BINARY = frozenset({"BinaryCrossentropy", "BinaryFocalCrossentropy"})
CATEGORICAL = frozenset({"CategoricalCrossentropy", "CategoricalFocalCrossentropy"})
SPARSE = frozenset({"SparseCategoricalCrossentropy"})
CROSSENTROPIES = BINARY | CATEGORICAL | SPARSE

REGRESSION = frozenset(
    {
        "Huber",
        "LogCosh",
        "MeanAbsoluteError",
        "MeanAbsolutePercentageError",
        "MeanSquaredError",
        "MeanSquaredLogarithmicError",
    }
)
"""Losses that measure a distance between real values."""

PROBABILITIES = frozenset({"hard_sigmoid", "sigmoid", "softmax", "sparse_sigmoid", "sparsemax"})
"""Activations whose values lie in 0..1."""

NO_PROBABILITIES = frozenset(
    {
        "celu",
        "elu",
        "gelu",
        "hard_shrink",
        "hard_silu",
        "hard_tanh",
        "leaky_relu",
        "linear",
        "log_sigmoid",
        "log_softmax",
        "mish",
        "prelu",
        "relu",
        "relu6",
        "selu",
        "silu",
        "soft_shrink",
        "softsign",
        "sparse_plus",
        "squareplus",
        "tanh",
        "tanh_shrink",
        "threshold",
    }
)
"""Activations whose values are not all in 0..1."""

ACCURACIES = frozenset(
    {
        "Accuracy",
        "BinaryAccuracy",
        "CategoricalAccuracy",
        "SparseCategoricalAccuracy",
        "SparseTopKCategoricalAccuracy",
        "TopKCategoricalAccuracy",
        "accuracy",
    }
)
"""Metrics that count right answers."""
