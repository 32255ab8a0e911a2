"""The model graph for eyes and tools: a plain description of a program (JSON), and a table made from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypedDict

from keraslint import keras_api
from keraslint.graph import (
    Call,
    Dim,
    Fact,
    Fit,
    KerasObject,
    Layer,
    Model,
    Op,
    Program,
    Reference,
    Shape,
    Span,
    Tensor,
    Training,
    Unknown,
    layer_parameters,
    parameters,
)
from keraslint.graph.objects import default_of
from keraslint.graph.order import operations
from keraslint.printable import printable

Size = int | None | Literal["?"]
"""A size along an axis; None where Keras leaves it open, ``"?"`` where we do not know it."""

JsonShape = list[Size] | Literal["?"]
"""``"?"`` alone stands for an unknown rank."""

JsonLayer = TypedDict(
    "JsonLayer", {"name": str, "class": str, "line": int, "output_shape": JsonShape, "params": int | None}
)


class JsonCompile(TypedDict):
    """What the model was compiled with; strings are names as Keras spells them."""

    line: int
    loss: object
    optimizer: object
    learning_rate: float | None
    metrics: object


class JsonModel(TypedDict):
    """One model. ``complete``: every layer, connection and output shape is known."""

    name: str
    kind: str
    line: int
    complete: bool
    inputs: list[JsonShape]
    outputs: list[JsonShape]
    params: int | None
    trainable_params: int | None
    layers: list[JsonLayer]
    compile: JsonCompile | None
    fit: dict[str, Any] | None


class JsonUnknown(TypedDict):
    """Something that stayed unknown: its text in the source (or what it is for), and why."""

    line: int | None
    what: str
    reason: str


class JsonProgram(TypedDict):
    """One file; the schema is stable, numbers that are not known are None."""

    path: str
    models: list[JsonModel]
    unknowns: list[JsonUnknown]


FIT_NUMBERS = ("epochs", "batch_size", "steps_per_epoch", "validation_split")


def describe(program: Program, source: str) -> JsonProgram:
    """The program as plain data."""
    return {
        "path": program.path,
        "models": [_model(model, _training_of(program, model)) for model in program.models],
        "unknowns": _unknowns(program, source.splitlines()),
    }


def _training_of(program: Program, model: Model) -> Training | None:
    """The last compile of the model; models of one place and name are one, whenever they were seen."""
    for training in reversed(program.trainings):
        if (training.model.span, training.model.name) == (model.span, model.name):
            return training
    return None


def _model(model: Model, training: Training | None) -> JsonModel:
    if training is not None and is_complete(training.model) and not is_complete(model):
        model = training.model  # fit gave it the input shape that the program does not spell
    total, trainable = parameters(model)
    return {
        "name": model.name,
        "kind": model.kind,
        "line": model.span.line,
        "complete": is_complete(model),
        "inputs": [_shape(tensor.shape) for tensor in model.inputs],
        "outputs": [_shape(tensor.shape) for tensor in model.outputs],
        "params": _known(total),
        "trainable_params": _known(trainable),
        "layers": list(_layers(model)),
        "compile": describe_compile(training, model) if training else None,
        "fit": _last_fit(training, model) if training else None,
    }


def _line(span: Span, model: Model) -> int:
    """The line of a part of a model in this file: the model's own, where another file makes the part."""
    return model.span.line if span.file else span.line


def _layers(model: Model) -> Iterator[JsonLayer]:
    """The layers in Keras's order; a functional model counts its inputs among them."""
    if model.kind != "functional" or not model.outputs:
        yield from (_layer(layer, model) for layer in model.layers)
        return
    for part in operations(model):
        if isinstance(part, Tensor):
            yield _input_layer(part, model)
        elif not isinstance(part, Op):
            yield _layer(part, model)


def _input_layer(tensor: Tensor, model: Model) -> JsonLayer:
    return {
        "name": tensor.name,
        "class": "InputLayer",
        "line": _line(tensor.span, model),
        "output_shape": _shape(tensor.shape),
        "params": 0,
    }


def is_complete(model: Model) -> bool:
    """Whether every layer, connection and output shape of the model is known."""
    if model.without_call:
        return all(isinstance(layer, Model) and is_complete(layer) for layer in model.layers)
    return (
        not model.unknowns
        and bool(model.outputs)
        and all(tensor.shape.known for tensor in (*model.inputs, *model.outputs))
        and all(shape.known for call in model.calls for shape in call.output_shapes)
        and all(tensor.shape.known for call in model.calls for tensor in call.inputs)
    )


def _layer(layer: Layer | Model, model: Model) -> JsonLayer:
    shape = _output_shape(layer, model)
    return {
        "name": layer.name,
        "class": layer.kind if isinstance(layer, Layer) else layer.class_name or layer.kind.capitalize(),
        "line": _line(layer.span, model),
        "output_shape": _shape(shape),
        "params": _known(layer_parameters(layer, model)[0]),
    }


def _calls_of(layer: Layer | Model, model: Model) -> Iterator[Call]:
    return (call for call in model.calls if call.layer is layer)


def _output_shape(layer: Layer | Model, model: Model) -> Shape:
    for call in _calls_of(layer, model):
        return call.output_shape
    if isinstance(layer, Model):
        return layer.output_shape
    for tensor in model.inputs:
        if tensor.name == layer.name:
            return tensor.shape
    return Shape.unknown(f"{layer.name} is not called on the way to an output")


def _known(count: int | Unknown) -> int | None:
    return None if isinstance(count, Unknown) else count


def _shape(shape: Shape) -> JsonShape:
    return [_size(dim) for dim in shape.dims] if shape.rank_known else "?"


def _size(dim: Dim) -> Size:
    return "?" if isinstance(dim, Unknown) else dim


def describe_compile(training: Training, model: Model) -> JsonCompile:
    """One compile of a model."""
    return {
        "line": _line(training.span, model),
        "loss": _name(training.compiled.argument("loss")),
        "optimizer": _name(training.optimizer),
        "learning_rate": _learning_rate(training.optimizer),
        "metrics": _name(training.compiled.argument("metrics")) or [],
    }


def _name(fact: Fact[Any]) -> object:
    """A loss, metric or optimizer, or a structure of them, by their names."""
    if fact.entries:
        return {str(key.value): _name(value) for key, value in fact.entries}
    if fact.items:
        return [_name(item) for item in fact.items]
    match fact.value:
        case None | str():
            return fact.value
        case KerasObject() as made:
            return made.kind
        case Reference(name=name):
            return name.rpartition(".")[2]
        case [] | ():
            return []
    return "?"


def _learning_rate(optimizer: Fact[Any]) -> float | None:
    match optimizer.value:
        case KerasObject() as made:
            rate = made.argument("learning_rate").value
        case str(identifier):
            name = keras_api.from_identifier("optimizer", identifier)
            rate = default_of(name, "learning_rate") if name else None
        case Reference(name=name):
            rate = default_of(name, "learning_rate")
        case _:
            rate = None
    return float(rate) if isinstance(rate, int | float) else None


TRAINING_METHODS = ("fit", "fit_generator", "train_on_batch")


def _last_fit(training: Training, model: Model) -> dict[str, Any] | None:
    """The last call that trains the model; what it is evaluated on later does not."""
    fits = [fit for fit in training.fits if fit.method in TRAINING_METHODS]
    return _fit(fits[-1], model) if fits else None


def _fit(fit: Fit, model: Model) -> dict[str, Any]:
    described: dict[str, Any] = {"line": _line(fit.span, model), "method": fit.method}
    for name in FIT_NUMBERS:
        fact = fit.argument(name)
        if fact is not None and fact.value is not None:
            described[name] = fact.value if isinstance(fact.value, int | float) else None
    return described


def _unknowns(program: Program, lines: list[str]) -> list[JsonUnknown]:
    """Each cause once, where it stands or else shows first: an unknown shape makes all shapes after it unknown."""
    found: dict[tuple[int | None, str], str] = {}
    seen = tuple(_all_unknowns(program))
    for unknown, fallback, _ in seen:
        span = unknown.span
        if span is not None and span.file:
            reason = f"{unknown.reason} ({Path(span.file).name}:{span.line})"
            found.setdefault((None, reason), fallback or "another file of the project")
        elif span is not None:
            found.setdefault((span.line, unknown.reason), _text_of(unknown, lines) or fallback)
    told = {reason.removeprefix("result of ") for _, reason in found}
    for unknown, fallback, place in seen:
        if unknown.span is None and unknown.reason.removeprefix("result of ") not in told:
            told.add(unknown.reason.removeprefix("result of "))
            found[place.line if place is not None and not place.file else None, unknown.reason] = fallback
    return [
        {"line": line, "what": what, "reason": reason}
        for (line, reason), what in sorted(found.items(), key=lambda item: (item[0][0] or 0, item[0][1]))
    ]


def _all_unknowns(program: Program) -> Iterator[tuple[Unknown, str, Span | None]]:
    """Everything unknown, what of the graph it is about, and where that stands."""
    yield from ((unknown, "", None) for unknown in program.unknowns)
    for model in program.models:
        yield from ((unknown, f"model {model.name}", model.span) for unknown in model.unknowns)
        for tensor in model.inputs:
            place = tensor.span if tensor.span.is_known else model.span
            yield from _unknown_sizes(tensor.shape, f"shape of input {tensor.name}".rstrip(), place)
        for call in model.calls:
            name = call.layer.name if isinstance(call.layer, Layer | Model) else call.layer.kind
            what = f"output shape of {name}" if name.isidentifier() else f"tensor of line {call.span.line}"
            yield from _unknown_sizes(call.output_shape, what, call.span)


def _unknown_sizes(shape: Shape, what: str, place: Span) -> Iterator[tuple[Unknown, str, Span | None]]:
    if not shape.rank_known:
        yield Unknown(shape.reason), what, place
    yield from ((dim, what, place) for dim in shape.dims if isinstance(dim, Unknown))


def _text_of(unknown: Unknown, lines: list[str]) -> str:
    """The source text that is unknown, when it stands on one line."""
    span = unknown.span
    if span is None or span.line != span.end_line or span.line > len(lines):
        return ""
    return lines[span.line - 1].encode()[span.column : span.end_column].decode(errors="replace")


def _printable(described: Any) -> Any:
    """The same with every text in it fit to be printed."""
    match described:
        case str():
            return printable(described)
        case list():
            return [_printable(part) for part in described]
        case dict():
            return {_printable(key): _printable(part) for key, part in described.items()}
    return described


MOST_UNKNOWNS = 20
"""So many unknowns are listed in the table; JSON has them all."""


def render(program: JsonProgram) -> str:
    """The description as tables like those of Keras's ``model.summary()``; controls in names are escaped."""
    program = _printable(program)
    parts = [_render_model(model) for model in program["models"]] or ["No Keras model found.\n"]
    if program["unknowns"]:
        rows = [_render_unknown(program["path"], unknown) for unknown in program["unknowns"]]
        if len(rows) > MOST_UNKNOWNS:
            rows[MOST_UNKNOWNS:] = [f"  … and {len(rows) - MOST_UNKNOWNS} more (--format json)"]
        parts.append("\n".join(["Unknown:", *rows, ""]))
    return f"{program['path']}\n\n" + "\n".join(parts)


def _render_unknown(path: str, unknown: JsonUnknown) -> str:
    line = unknown["line"]
    place = f"{path}:{getattr(line, 'in_path', line)}" if line else path
    return f"  {place}: {unknown['what']}: {unknown['reason']}".replace(": :", ":")


def _render_model(model: JsonModel) -> str:
    header = ("Layer (class)", "Output shape", "Params")
    rows = [
        (f"{layer['name']} ({layer['class']})", show_shape(layer["output_shape"]), _number(layer["params"]))
        for layer in model["layers"]
    ]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    rule = "─" * (sum(widths) + 6)
    table = [f" {a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}".rstrip() for a, b, c in (header, *rows)]
    title = f'Model "{model["name"]}" ({model["kind"]}), line {model["line"]}'
    return "\n".join([title, rule, table[0], rule, *table[1:], rule, *_render_totals(model), ""])


def _render_totals(model: JsonModel) -> Iterator[str]:
    total, trainable = model["params"], model["trainable_params"]
    frozen = None if total is None or trainable is None else total - trainable
    yield f" Params: {_number(total)} (trainable {_number(trainable)}, non-trainable {_number(frozen)})"
    compiled = model["compile"]
    if compiled:
        rate = "" if compiled["learning_rate"] is None else f" at {compiled['learning_rate']:g}"
        yield (
            f" Compiled on line {compiled['line']}: optimizer {_plain(compiled['optimizer'])}{rate}, "
            f"loss {_plain(compiled['loss'])}, metrics {_plain(compiled['metrics'])}"
        )
    if model["fit"]:
        known = {name: model["fit"][name] for name in FIT_NUMBERS if name in model["fit"]}
        numbers = [f"{name} {'?' if value is None else value}" for name, value in known.items()]
        yield f" Trained on line {model['fit']['line']} by {', '.join([model['fit']['method'], *numbers])}"
    if not model["complete"]:
        yield " Not complete: see the unknowns below"


def _plain(value: object) -> str:
    match value:
        case None:
            return "none"
        case list():
            return ", ".join(map(_plain, value)) or "none"
        case dict():
            return ", ".join(f"{key}: {_plain(entry)}" for key, entry in value.items())
    return str(value)


def show_shape(shape: JsonShape) -> str:
    """A shape as Keras prints it, with ``?`` where a size is unknown."""
    if shape == "?":
        return "?"
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _number(count: int | None) -> str:
    return "?" if count is None else f"{count:,}"
