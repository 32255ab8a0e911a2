"""How large a training may be, and down to what it is made smaller first, each with its reason. No code, no Keras.

Times were measured on one thread of a laptop's processor, as the child trains.
"""

MOST_WEIGHTS = 25_000_000
"""Weights at most: Adam and the copies for restarting take seven times as much, 700 MB."""

EASY_WEIGHTS = 2_000_000
"""So many weights an optimizer updates in a few milliseconds; with more, something is made smaller if it can be."""

EASY_PRODUCTS = 20_000_000
"""Multiplications for one sample that leave time for some hundred updates, in small batches."""

BATCH_PRODUCTS = 320_000_000
"""Multiplications for one batch: an update takes 50 milliseconds."""

MOST_PRODUCTS = 400_000_000
"""With more, an update takes seconds even with the smallest batch, and too few are made to see anything."""

EASY_ACTIVATIONS = 2_000_000
"""Values that a sample makes on its way through all layers: with their gradients 16 MB, 500 MB for a batch of 32."""

MOST_ACTIVATIONS = 16_000_000
"""With more, even the smallest batch takes more than 1 GB."""

EASY_TURNS = 48
"""Turns of recurrent layers, all together: an update takes a millisecond for each."""

MOST_TURNS = 600
"""With more, an update takes seconds."""

MOST_VARIABLES = 300
"""Variables to train at most: each costs a tenth of a second before the first update is made."""

EASY_DATA = 16_384
"""Numbers in one sample; larger images and longer series are shrunk."""

BATCHES = (32, 16, 8)
"""Samples in a mini-batch: Keras's own default, and less where a sample is large."""

MOST_DATA = 30_000_000
"""Numbers in all samples together: 240 MB while they are made."""

VOCABULARY = 2_000
"""Tokens left of a larger vocabulary: still far more than are in one sample."""

FEATURES = 2_048
"""Columns left of an input that is one long row."""

LENGTHS: dict[int, tuple[int, ...]] = {1: (64, 32), 2: (64, 32), 3: (48, 64, 96, 128), 4: (16, 24, 32, 48)}
"""Sizes tried for time steps, image sides and volume sides, by the number of axes (batch not counted).

48 is enough for four rounds of halving and a 3x3 kernel after them, 64 for six rounds that are undone again.
"""

DIVISORS = (2, 4, 8)
"""How many times narrower hidden layers are made."""

NARROWEST = 16
"""No hidden layer is made narrower than this."""
