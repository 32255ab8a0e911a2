"""Sizes as tensors: what `tf.shape` gives, computed with and put into shapes; seen in Keras 3.15 on TensorFlow."""

from __future__ import annotations

import pytest
from reading import outputs

TF = """
import tensorflow as tf
from tensorflow.keras import backend as K
x = Input((10, 4))
def lam(function):
    return Model(x, layers.Lambda(function)(x))
"""

IMAGE = """
import tensorflow as tf
from keras import ops
image = Input((8, 8, 3))
"""


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        pytest.param("tf.reshape(t, (tf.shape(t)[0], 2, 20))", "(None, 2, 20)", id="an open batch"),
        pytest.param("K.reshape(t, (-1, K.shape(t)[1] * 4))", "(None, 40)", id="known sizes are constants"),
        pytest.param("tf.reshape(t, tf.concat([tf.shape(t)[:1], [40]], 0))", "(None, 40)", id="joined sizes"),
        pytest.param("tf.reshape(t, tf.stack([tf.shape(t)[0], 5, 8]))", "(None, 5, 8)", id="stacked sizes"),
        pytest.param(
            "tf.reshape(t, tf.concat([tf.shape(t)[:1], tf.shape(t)[1:] * 2 // 2], 0))",
            "(None, None, None)",
            id="computed sizes are open",
        ),
        pytest.param(
            "t * tf.tile(tf.zeros((1, 10, 4)), (tf.shape(t)[0], 1, 1))",
            "(None, 10, 4)",
            id="a constant for each sample",
        ),
        pytest.param("t / K.sqrt(K.cast(K.shape(t)[-1], 'float32'))", "(None, 10, 4)", id="scaled by a root"),
    ],
)
def test_shapes_made_of_sizes(body: str, shape: str) -> None:
    assert outputs(TF + f"model = lam(lambda t: {body})") == shape


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        pytest.param("tf.compat.v1.image.resize_bilinear(t, (4, 5))", "(None, 4, 5, 3)", id="TensorFlow 1's resizing"),
        pytest.param("tf.nn.lrn(t, alpha=1e-4)", "(None, 8, 8, 3)", id="local response normalization"),
        pytest.param("t * tf.Variable(2.0)", "(None, 8, 8, 3)", id="a variable"),
        pytest.param("ops.take_along_axis(t, ops.argmax(t, axis=1)[:, None], axis=1)", "(None, 1, 8, 3)", id="picked"),
    ],
)
def test_functions_on_an_image(body: str, shape: str) -> None:
    assert outputs(IMAGE + f"model = Model(image, layers.Lambda(lambda t: {body})(image))") == shape
