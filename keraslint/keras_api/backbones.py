"""Text backbones of KerasHub (earlier KerasNLP): what they take and give. As KerasHub 0.22.1 builds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PACKAGES: Final = ("keras_hub.models.", "keras_nlp.models.")


@dataclass(frozen=True, slots=True)
class Backbone:
    """The inputs by name, and the outputs; a backbone that gives one sequence alone gives no dict."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    place: int = 3
    """Where ``hidden_dim`` stands among the positional arguments."""


_TOKENS = ("token_ids", "padding_mask")
_SEGMENTS = ("token_ids", "segment_ids", "padding_mask")
_BOTH = ("sequence_output", "pooled_output")
_TWO_SIDES = Backbone(
    ("encoder_token_ids", "encoder_padding_mask", "decoder_token_ids", "decoder_padding_mask"),
    ("encoder_sequence_output", "decoder_sequence_output"),
)
_DECODER_LIKE = (
    *("Bloom", "DebertaV3", "DistilBert", "Falcon", "GPT2", "GPTNeoX", "Llama", "Llama3", "Mistral", "Mixtral", "OPT"),
    *("Roberta", "XLMRoberta"),
)

BACKBONES: Final[dict[str, Backbone]] = {
    "AlbertBackbone": Backbone(_SEGMENTS, _BOTH, 4),
    "BartBackbone": _TWO_SIDES,
    "BertBackbone": Backbone(_SEGMENTS, _BOTH),
    "ESM2Backbone": Backbone(("token_ids",), ("sequence_output",)),
    "ESMBackbone": Backbone(("token_ids",), ("sequence_output",)),
    "FNetBackbone": Backbone(("token_ids", "segment_ids"), _BOTH, 2),
    "GemmaBackbone": Backbone(_TOKENS, ("sequence_output",), 4),
    "Phi3Backbone": Backbone(_TOKENS, ("sequence_output",), 2),
    "Qwen2Backbone": Backbone(_TOKENS, ("sequence_output",), 4),
    "Qwen3Backbone": Backbone(_TOKENS, ("sequence_output",), 5),
    "QwenBackbone": Backbone(_TOKENS, ("sequence_output",), 4),
    "QwenMoeBackbone": Backbone(_TOKENS, ("sequence_output",), 4),
    "RoformerV2Backbone": Backbone(("token_ids", "segment_ids"), ("sequence_output",)),
    "T5Backbone": _TWO_SIDES,
    **{f"{name}Backbone": Backbone(_TOKENS, ("sequence_output",)) for name in _DECODER_LIKE},
}
