"""An ordinary image classifier, as it stands in many repositories: data, model, callbacks, training."""

import argparse
import json
import os
import random

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau

NUM_CLASSES = 10
INPUT_SHAPE = (32, 32, 3)


def parse_arguments():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--output", default="runs/cifar10")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--augment", action="store_true")
    return parser.parse_args()


def set_seed(seed):
    """Make the run repeatable."""
    random.seed(seed)
    np.random.seed(seed)
    tf.random.set_seed(seed)


def load_data(validation_share=0.1):
    """Load CIFAR-10, scaled to 0..1, with a part of the training data held out."""
    (x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
    x_train = x_train.astype("float32") / 255.0
    x_test = x_test.astype("float32") / 255.0
    y_train = y_train.squeeze()
    y_test = y_test.squeeze()
    held_out = int(len(x_train) * validation_share)
    order = np.random.permutation(len(x_train))
    x_train, y_train = x_train[order], y_train[order]
    return (
        (x_train[held_out:], y_train[held_out:]),
        (x_train[:held_out], y_train[:held_out]),
        (x_test, y_test),
    )


def make_dataset(images, labels, batch_size, shuffle=False):
    """Wrap arrays into a data set of batches."""
    dataset = tf.data.Dataset.from_tensor_slices((images, labels))
    if shuffle:
        dataset = dataset.shuffle(10_000, reshuffle_each_iteration=True)
    return dataset.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def make_augmentation():
    """Random flips and shifts, active in training only."""
    return keras.Sequential(
        [
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, 0.1),
            layers.RandomZoom(0.1),
        ],
        name="augmentation",
    )


def conv_block(x, filters, weight_decay, downsample=False):
    """Two convolutions with a shortcut around them."""
    strides = 2 if downsample else 1
    regularizer = keras.regularizers.L2(weight_decay)
    shortcut = x
    x = layers.Conv2D(
        filters,
        3,
        strides=strides,
        padding="same",
        use_bias=False,
        kernel_regularizer=regularizer,
    )(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(
        filters,
        3,
        padding="same",
        use_bias=False,
        kernel_regularizer=regularizer,
    )(x)
    x = layers.BatchNormalization()(x)
    if downsample or shortcut.shape[-1] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(shortcut)
        shortcut = layers.BatchNormalization()(shortcut)
    x = layers.Add()([x, shortcut])
    return layers.ReLU()(x)


def build_model(weight_decay=1e-4, dropout=0.3, augment=False):
    """A small residual network."""
    inputs = keras.Input(shape=INPUT_SHAPE)
    x = inputs
    if augment:
        x = make_augmentation()(x)
    x = layers.Conv2D(32, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    for stage, filters in enumerate([32, 64, 128]):
        for block in range(2):
            x = conv_block(x, filters, weight_decay, downsample=stage > 0 and block == 0)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(dropout)(x)
    x = layers.Dense(128, activation="relu")(x)
    outputs = layers.Dense(NUM_CLASSES, activation="softmax")(x)
    return keras.Model(inputs, outputs, name="small_resnet")


def compile_model(model, learning_rate, steps_per_epoch, epochs):
    """Adam with a cosine schedule, as integers label the classes."""
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=learning_rate,
        decay_steps=steps_per_epoch * epochs,
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=schedule),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=3, name="top3")],
    )


def make_callbacks(output):
    """Stop early, and keep the best weights."""
    return [
        EarlyStopping(monitor="val_loss", patience=8, restore_best_weights=True),
        ModelCheckpoint(
            os.path.join(output, "best.keras"),
            monitor="val_accuracy",
            mode="max",
            save_best_only=True,
        ),
        keras.callbacks.CSVLogger(os.path.join(output, "log.csv")),
    ]


def fine_tune(model, train, validation, output):
    """A few more epochs at a low rate."""
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=1e-4, momentum=0.9),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    callbacks = [ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=2)]
    model.fit(train, validation_data=validation, epochs=5, callbacks=callbacks)
    model.save(os.path.join(output, "fine_tuned.keras"))


def report(model, test, output):
    """Write the scores on the test data."""
    scores = model.evaluate(test, verbose=0)
    named = dict(zip(model.metrics_names, map(float, scores), strict=True))
    with open(os.path.join(output, "scores.json"), "w", encoding="utf-8") as file:
        json.dump(named, file, indent=2)
    print(named)


def main():
    """Train, fine-tune, evaluate."""
    arguments = parse_arguments()
    set_seed(arguments.seed)
    os.makedirs(arguments.output, exist_ok=True)
    train, validation, test = load_data()
    train_set = make_dataset(*train, arguments.batch_size, shuffle=True)
    validation_set = make_dataset(*validation, arguments.batch_size)
    test_set = make_dataset(*test, arguments.batch_size)
    model = build_model(arguments.weight_decay, arguments.dropout, arguments.augment)
    steps = len(train[0]) // arguments.batch_size
    compile_model(model, arguments.learning_rate, steps, arguments.epochs)
    model.summary()
    model.fit(
        train_set,
        validation_data=validation_set,
        epochs=arguments.epochs,
        callbacks=make_callbacks(arguments.output),
    )
    fine_tune(model, train_set, validation_set, arguments.output)
    report(model, test_set, arguments.output)


if __name__ == "__main__":
    main()
