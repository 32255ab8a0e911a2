"""Text backbones of KerasHub; the expected shapes are those of KerasHub 0.22.1."""

from __future__ import annotations

import pytest
from reading import model, outputs, read, reasons

from keraslint.graph import Unknown
from keraslint.graph.parameters import parameters

BERT = """
import keras_hub
bert = keras_hub.models.BertBackbone(vocabulary_size=50, num_layers=2, num_heads=4, hidden_dim=24, intermediate_dim=30)
def tokens(length):
    return {name: Input((length,), dtype="int32") for name in ("token_ids", "segment_ids", "padding_mask")}
"""

PROGRAMS = {
    "Model(bert.input, Dense(3)(bert.output['pooled_output']))": "(None, 3)",
    "Model(bert.inputs, bert.output['sequence_output'])": "(None, None, 24)",
    "i = tokens(128)\nModel(i, bert(i)['sequence_output'])": "(None, 128, 24)",
    "i = tokens(128)\nModel(i, Dense(2)(bert(i)['pooled_output']))": "(None, 2)",
    "gpt = keras_hub.models.GPT2Backbone(50, 2, 4, 24, 30)\nModel(gpt.input, Dense(5)(gpt.output))": "(None, None, 5)",
    "a = keras_hub.models.AlbertBackbone(50, 2, 4, 8, 24, 30)\nModel(a.input, a.output['pooled_output'])": (
        "(None, 24)"
    ),
    "b = keras_hub.models.BartBackbone(50, 2, 4, 24, 30)\nModel(b.input, b.output['decoder_sequence_output'])": (
        "(None, None, 24)"
    ),
    "from keras_nlp.models import RobertaBackbone\nr = RobertaBackbone(50, 2, 4, 24, 30)\nModel(r.input, r.output)": (
        "(None, None, 24)"
    ),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_outputs_follow_from_the_arguments(program: str) -> None:
    assert outputs(BERT + program) == PROGRAMS[program]


def test_a_preset_keeps_its_structure_and_leaves_its_width_unknown() -> None:
    preset = "bert = keras_hub.models.BertBackbone.from_preset('bert_tiny_en_uncased')\n"
    assert outputs(f"{BERT}{preset}Model(bert.input, Dense(3)(bert.output['pooled_output']))") == "(None, 3)"
    found = f"{BERT}{preset}Model(bert.input, bert.output['pooled_output'])"
    assert outputs(found) == "(None, ?)"
    assert "the preset bert_tiny_en_uncased" in reasons(found)


def test_weights_are_unknown_and_the_backbone_is_not_complete() -> None:
    program = read(f"{BERT}Model(bert.input, Dense(3)(bert.output['pooled_output']))")
    backbone, whole = program.models
    assert [why.reason for why in backbone.unknowns] == ["the layers of BertBackbone"]
    assert isinstance(parameters(whole)[0], Unknown)


def test_backbones_of_other_structure_are_unknown() -> None:
    source = "import keras_hub\nb = keras_hub.models.Backbone.from_preset(p)\nModel(b.input, b.output)"
    assert "keras_hub.models.Backbone" in reasons(source)


def test_the_output_of_a_model_with_named_outputs_is_a_dict() -> None:
    source = "i = {'a': Input((3,)), 'b': Input((5,))}\nm = Model(i, {'x': Dense(2)(i['a']), 'y': Dense(4)(i['b'])})\n"
    assert outputs(f"{source}Model(m.input, m.output['y'])") == "(None, 4)"
    assert outputs(f"{source}Model(m.input['a'], m.output['x'])") == "(None, 2)"
    assert [str(t.shape) for t in model(f"{source}Model(m.input, m.output)").outputs] == ["(None, 2)", "(None, 4)"]
