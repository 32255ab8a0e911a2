"""A function of TensorFlow is applied to a symbolic tensor of Keras 3.

## What it does
Reports `tf.concat`, `tf.reduce_mean`, `tf.reshape` and other functions of TensorFlow in the functional
building of a model, outside of a layer's `call` and of `Lambda`: the first of each model.

## Why training fails
Keras 2 made a layer of such a call. Keras 3 raises: `ValueError: A KerasTensor cannot be used as input to a
TensorFlow function`.

## Example
```python
pooled = tf.reduce_mean(features, axis=1)
model = keras.Model(inputs, layers.Dense(1)(pooled))
```

## Use instead
```python
pooled = keras.ops.mean(features, axis=1)
model = keras.Model(inputs, layers.Dense(1)(pooled))
```
`keras.ops` has nearly all of them; the rest goes into the `call` of a layer, or into a `Lambda`.

## What it cannot see
Tensors that are not part of a model in sight. It is silent where the file or its project is meant for Keras 2.

## References
- <https://keras.io/guides/migrating_to_keras_3/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Call, Op, Program
from keraslint.graph.views import Wiring
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import judged_by
from keraslint.settings import Options

MODULES = ("tensorflow.image.", "tensorflow.math.", "tensorflow.nn.")
FUNCTIONS = frozenset(
    f"tensorflow.{name}"
    for name in (
        *("add", "cast", "concat", "expand_dims", "gather", "identity", "matmul", "multiply", "one_hot", "ones_like"),
        *("reduce_max", "reduce_mean", "reduce_min", "reduce_sum", "reshape", "split", "squeeze", "stack"),
        *("stop_gradient", "subtract", "transpose", "zeros_like", "tile", "abs", "exp", "sqrt", "square"),
    )
)
TODAY = {
    "concat": "concatenate",
    "reduce_max": "max",
    "reduce_mean": "mean",
    "reduce_min": "min",
    "reduce_sum": "sum",
}
"""Names in `keras.ops` that differ."""


@rule("E7875", symptom=Symptom.RAISES, even_untrained=True)
def keras_backend_op_on_symbolic_tensor(program: Program, options: Options) -> Iterator[Finding]:
    targets = judged_by(program, options)
    if not targets or any(int(target.partition(".")[0]) < 3 for target in targets):
        return
    for wiring in Wiring.of(program):
        if wiring.model.kind != "functional" or not wiring.model.span.is_known:
            continue
        first = next((call for call in wiring.model.calls if not call.assumed and _is_of_tensorflow(call)), None)
        if first is not None and isinstance(first.layer, Op):
            name = TODAY.get(first.layer.kind, first.layer.kind)
            yield found(
                first.span,
                f"`tf.{first.layer.class_name.removeprefix('tensorflow.')}` is applied to a symbolic tensor: Keras 3 "
                f"raises (A KerasTensor cannot be used as input to a TensorFlow function); use `keras.ops.{name}`, "
                "or put it into the `call` of a layer",
                first.confidence,
                about=first,
            )


def _is_of_tensorflow(call: Call) -> bool:
    name = call.layer.class_name if isinstance(call.layer, Op) else ""
    return name in FUNCTIONS or name.startswith(MODULES)
