"""Preprocessing: encodings of categories and text, spectrograms, image sizes, feature normalization."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes.arithmetic import combine, multiply, total, weight, windows
from keraslint.graph.shapes.normalization import normalized_sizes
from keraslint.graph.shapes.reading import (
    Size,
    axes_of,
    channels_first,
    choice,
    flag,
    integer,
    only_input,
    positive,
    value,
)
from keraslint.graph.shapes.registry import Inferred, layer, undecided

ENCODINGS = ("int", "one_hot", "multi_hot", "count", "tf_idf", "tf-idf", "binary")


def encoded(layer: KerasObject, shape: Shape, depth: Dim) -> Inferred:
    """Indices as they are, one more axis for one-hot, or the last axis counted into ``depth`` bins."""
    mode = choice(layer, "output_mode", ENCODINGS)
    if isinstance(mode, Unknown):
        return undecided(mode.reason)
    if mode == "int":
        return Inferred((shape,))
    if not shape.rank_known:
        return Inferred((Shape.unknown(shape.reason, depth),))
    if not shape.dims:
        return Inferred((Shape.of(depth),))
    last = shape.dims[-1]
    if mode != "one_hot" or (last == 1 and len(shape.dims) > 1):
        return Inferred((Shape.of(*shape.dims[:-1], depth),))
    if isinstance(last, Unknown):
        return Inferred((Shape.unknown(last.reason, depth),))
    return Inferred((Shape.of(*shape.dims, depth),))


@layer("CategoryEncoding")
def category_encoding(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return encoded(layer, only_input(inputs), positive(layer, "num_tokens"))


@layer("Hashing")
def hashing(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return _hashed(layer, only_input(inputs))


@layer("HashedCrossing")
def hashed_crossing(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return _hashed(layer, only_input(inputs[:1]))


def _hashed(layer: KerasObject, shape: Shape) -> Inferred:
    depth = positive(layer, "num_bins")
    if choice(layer, "output_mode", ENCODINGS) == "one_hot" and shape[-1] != 1 and layer.kind == "Hashing":
        # Keras's own answers for a symbolic and a real tensor differ by one axis here.
        return Inferred((Shape.unknown("one-hot hashing of several values", depth),))
    return encoded(layer, shape, depth)


@layer("Discretization")
def discretization(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, boundaries = only_input(inputs), value(layer, "bin_boundaries")
    depth = len(boundaries) + 1 if isinstance(boundaries, tuple | list) else integer(layer, "num_bins")
    if choice(layer, "output_mode", ENCODINGS) in ("multi_hot", "count") and shape.rank_known:
        return Inferred((Shape.of(*shape.dims[:-1][:1], *shape.dims[2:], depth),))
    return encoded(layer, shape, depth)


@layer("StringLookup", "IntegerLookup", "IndexLookup")
def lookup(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return encoded(layer, only_input(inputs), _vocabulary_size(layer))


def _vocabulary_size(layer: KerasObject) -> Size:
    """How many places an encoding has."""
    return integer(layer, "max_tokens") if flag(layer, "pad_to_max_tokens") is True else vocabulary_size(layer)


def vocabulary_size(layer: KerasObject) -> Size:
    """How many tokens a lookup or TextVectorization knows, special ones included, if its vocabulary is given."""
    tokens = vocabulary(layer)
    return tokens if isinstance(tokens, Unknown) else len(tokens)


def vocabulary(layer: KerasObject) -> tuple[object, ...] | Unknown:
    """The tokens in order, special ones first."""
    given = value(layer, "vocabulary")
    if given is None:
        return LEARNED
    if not isinstance(given, tuple | list) or not all(isinstance(token, str | int) for token in given):
        return Unknown("the vocabulary of the layer")
    special = _special_tokens(layer)
    if isinstance(special, Unknown) or {"", "[UNK]", -1, *special}.intersection(given):
        return Unknown("special tokens of the vocabulary")
    return (*special, *given)


LEARNED = Unknown("the vocabulary is learned by adapt()")


def _special_tokens(layer: KerasObject) -> tuple[object, ...] | Unknown:
    """The tokens for nothing, only among indices, and for what is not in the vocabulary."""
    mode = choice(layer, "output_mode", ENCODINGS)
    if isinstance(mode, Unknown):
        return mode
    if layer.kind == "TextVectorization":
        return ("", "[UNK]") if mode == "int" else ("[UNK]",)
    mask, oov, places = (value(layer, name) for name in ("mask_token", "oov_token", "num_oov_indices"))
    unclear = next((part for part in (mask, oov, places) if isinstance(part, Unknown)), None)
    if unclear is not None:
        return unclear
    if not isinstance(places, int):
        return Unknown("`num_oov_indices`")
    none = () if mask is None or mode != "int" else (mask,)
    return (*none, *[oov] * min(places, MOST_PLACES))


MOST_PLACES = 1000


@layer("TextVectorization")
def text_vectorization(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    mode = choice(layer, "output_mode", ENCODINGS)
    if isinstance(mode, Unknown):
        return undecided(mode.reason)
    split = layer.argument("split")
    if shape.rank == 0 or not (split == "whitespace" or split == "character"):
        return undecided("text that is not split into the words or characters of a batch")
    batch = shape[0] if shape.rank_known else None
    if mode == "int":
        length = value(layer, "output_sequence_length")
        return Inferred((Shape.of(batch, None if length is None else positive(layer, "output_sequence_length")),))
    depth = _vocabulary_size(layer)
    if shape.rank == 1:
        return Inferred((Shape.of(batch, depth),))
    # Keras's own answers for a symbolic and a real tensor of one column differ by one axis.
    return Inferred((Shape.unknown("encoded text in columns", depth),))


@layer("Normalization")
def feature_normalization(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Mean, variance and a count are weights unless the first two are given; none is trained."""
    shape = only_input(inputs)
    if layer.argument("mean").is_a(type(None)):
        axes = () if layer.argument("axis").is_a(type(None)) else normalized_sizes(layer, shape)
        count = axes if isinstance(axes, Unknown) else total(weight(*axes), weight(*axes), 1)
        return Inferred((shape,), count, count)
    return Inferred((shape,))


@layer("Resizing", "CenterCrop", "RandomCrop")
def resized(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Images of a given height and width, batched or not."""
    shape, first = only_input(inputs), channels_first(layer)
    if isinstance(first, Unknown):
        return undecided(first.reason)
    size = (positive(layer, "height"), positive(layer, "width"))
    if not shape.rank_known:
        channels = Unknown(shape.reason)
        trailing = size if first else (*size, shape[-1])
        return Inferred((Shape.unknown(shape.reason, *trailing) if trailing else Shape.of(channels),))
    if len(shape.dims) not in (3, 4):
        return undecided(f"{layer.kind} of {shape}")
    place = len(shape.dims) - 2 - (not first)
    return Inferred((Shape.of(*shape.dims[:place], *size, *shape.dims[place + 2 :]),))


@layer("MelSpectrogram")
def mel_spectrogram(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    bins, stride = positive(layer, "num_mel_bins"), positive(layer, "sequence_stride")
    if not shape.rank_known or len(shape.dims) not in (1, 2):
        return Inferred((Shape.unknown(shape.reason or f"MelSpectrogram of {shape}"),))
    frames = combine(lambda samples, step: (samples + step + 1) // step, shape.dims[-1], stride)
    return Inferred((Shape.of(*shape.dims[:-1], bins, frames),))


@layer("STFTSpectrogram")
def stft_spectrogram(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """A convolution with kernels for the real and the imaginary part, which train unless the layer is frozen."""
    shape, first, expand = only_input(inputs), channels_first(layer), flag(layer, "expand_dims")
    mode = choice(layer, "mode", ("log", "magnitude", "psd", "real", "imag", "angle", "stft"))
    dims = axes_of(layer, shape, 3, "batch, samples, channels")
    if isinstance(first, Unknown) or isinstance(expand, Unknown) or isinstance(mode, Unknown):
        return undecided("the mode and layout of STFTSpectrogram")
    batch, samples, channels = (dims[0], dims[2], dims[1]) if first else dims
    frame = positive(layer, "frame_length")
    step = combine(lambda n: n // 2, frame) if value(layer, "frame_step") is None else positive(layer, "frame_step")
    length = frame if value(layer, "fft_length") is None else positive(layer, "fft_length")
    bins = combine(lambda n: n // 2 + 1, length)
    wide = multiply(bins, 2) if mode == "stft" else bins
    frames = windows(samples, frame, step, choice(layer, "padding", ("valid", "same")))
    kernels = weight(frame, bins) if mode in ("real", "imag") else total(weight(frame, bins), weight(frame, bins))
    if not expand:
        merged = multiply(wide, channels)
        output = Shape.of(batch, merged, frames) if first else Shape.of(batch, frames, merged)
    else:
        output = Shape.of(batch, channels, frames, wide) if first else Shape.of(batch, frames, wide, channels)
    return Inferred((output,), kernels)
