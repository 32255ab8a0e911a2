"""Whether models of another library, read from its source, come out as real Keras builds them.

    python benchmarks/backbones.py FOLDER       # an unpacked keras-hub, with what it needs installed beside Keras

Every backbone of KerasHub whose parameters have a small value in `VALUES` is built in real Keras, and a program of two
lines that builds the same is read. Prints one line for each backbone that is not exactly the same, then the sums:
exact means that output shapes and number of weights agree, wrong that keraslint is sure of something else.

Good: nothing is wrong, and at least as many are exact as before.
Not in `make bench`: it needs an unpacked KerasHub and what that needs.
"""

from __future__ import annotations

import inspect
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from keraslint import reader
from keraslint.summary import describe

VALUES: dict[str, Any] = {
    **dict.fromkeys(("vocabulary_size", "vocab_size"), 100),
    **dict.fromkeys(("num_layers", "num_heads", "num_attention_heads", "num_key_value_heads", "depth", "top_k"), 2),
    **dict.fromkeys(("num_query_heads", "num_experts", "window_size"), 4),
    **dict.fromkeys(("hidden_dim", "hidden_size", "moe_intermediate_dim", "moe_intermediate_size"), 16),
    **dict.fromkeys(("shared_expert_intermediate_dim", "shared_expert_intermediate_size", "projection_dim"), 16),
    **dict.fromkeys(("intermediate_dim", "mlp_dim"), 32),
    **dict.fromkeys(("embedding_dim", "head_dim", "head_size", "key_value_dim", "patch_size", "bucket_size"), 8),
    **dict.fromkeys(("max_sequence_length", "max_decoder_sequence_length"), 12),
    "max_encoder_sequence_length": 20,
    "image_shape": (32, 32, 3),
    "stackwise_num_filters": [64, 64],
    "stackwise_num_repeats": [1, 2],
    "stackwise_num_strides": [1, 2],
    "stackwise_num_blocks": [1, 1],
    "depths": [1, 1],
    "input_conv_filters": [64],
    "input_conv_kernel_sizes": [7],
    "block_type": "basic_block",
    "global_attention_layer_indices": [1],
    "partial_rotary_factor": 0.5,
}


def backbones(package: Path) -> Iterator[tuple[str, type]]:
    """The classes and the modules that define them."""
    for path in sorted((package / "src" / "models").rglob("*_backbone.py")):
        module = import_module(".".join((package.name, *path.relative_to(package).with_suffix("").parts)))
        for name, cls in vars(module).items():
            if inspect.isclass(cls) and cls.__module__ == module.__name__ and name.endswith("Backbone"):
                yield module.__name__, cls


def settings(cls: type) -> dict[str, Any] | None:
    """Small values for what the constructor asks for; None where one of them is not among `VALUES`."""
    asked = list(inspect.signature(cls).parameters.values())
    asked = [
        parameter for parameter in asked if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    ]
    if any(parameter.default is parameter.empty and parameter.name not in VALUES for parameter in asked):
        return None
    return {parameter.name: VALUES[parameter.name] for parameter in asked if parameter.name in VALUES}


def judge(program: str, folder: Path, weights: int, shapes: list[list[int | None]]) -> str:
    """Whether the model that a program beside the package builds is read as it is."""
    with NamedTemporaryFile("w", dir=folder, suffix=".py", encoding="utf-8") as file:
        file.write(program)
        file.flush()
        models = describe(reader.read(program, file.name), program)["models"]
    found = [model for model in models if model["line"] == 2]
    model = next((model for model in found if model["kind"] != "sequential"), None)
    if model is None:
        return "unknown"
    known = model["complete"] and model["params"] is not None
    if known and model["params"] == weights and sorted(map(str, model["outputs"])) == sorted(map(str, shapes)):
        return "exact"
    return "wrong" if known else "unknown"


def output_shapes(shape: Any) -> list[list[int | None]]:
    """The shapes of all outputs, of whichever structure."""
    if isinstance(shape, dict):
        return [list(one) for one in shape.values()]
    return [list(one) for one in shape] if shape and isinstance(shape[0], tuple | list) else [list(shape)]


def main() -> None:
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "keras_hub").is_dir():
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1]).resolve()
    sys.path.insert(0, str(folder))
    verdicts: Counter[str] = Counter()
    for module, cls in backbones(folder / "keras_hub"):
        given = settings(cls)
        try:
            model = cls(**given) if given is not None else None
        except (TypeError, ValueError) as refusal:
            print(f"{cls.__name__} refuses these values: {str(refusal).splitlines()[0][:80]}")
            continue
        if model is None:
            verdicts["left out"] += 1
            continue
        written = ", ".join(f"{name}={value!r}" for name, value in (given or {}).items())
        program = f"from {module} import {cls.__name__}\nmodel = {cls.__name__}({written})\n"
        verdict = judge(program, folder, model.count_params(), output_shapes(model.output_shape))
        verdicts[verdict] += 1
        if verdict != "exact":
            print(f"{verdict:8} {cls.__name__}")
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))


if __name__ == "__main__":
    main()
