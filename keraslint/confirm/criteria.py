"""The numbers by which `confirm` judges and sizes its trainings, each with its reason. No code, no Keras."""

CONSTANT_SPREAD = 1e-6
"""Outputs whose standard deviation over the inputs is no larger (relative to their size or 1) are constant:
about ten times the rounding of float32."""

VARYING_SPREAD = 1e-3
"""Outputs whose standard deviation over the inputs is at least this do depend on the input."""

MOVED = 1e-7
"""A weight moved when one of its elements changed by more: Adam's first step at the default rate is 1e-3, and
float32 rounds weights near 1 to 6e-8."""

UNCHANGED = 1e-6
"""Losses that differ by no more (relative, or absolute below 1) are the same."""

STAYED = 0.02
"""A loss that fell by less than this share of where it began has stayed there."""

NO_BETTER = 0.05
"""A loss less than this share below that of the best constant predictor is no better than a constant."""

LEARNED = 0.8
"""A model has learned when its loss is at most this share of its first and of the best constant's."""

IMPROVED = 0.9
"""A loss that fell to this share of where it began: training works, and a metric that means something follows."""

FASTER = 0.8
"""The twin is clearly better when its loss is at most this share of the flagged model's, on one scale."""

METRIC_STILL = 0.02
"""A metric that differs by no more from the untrained model's, or from a constant predictor's, tells nothing
about the fit: one answer in fifty, when it is a share (relative when it is larger than 1)."""

METRIC_MOVES = 0.1
"""A metric that changed by more than this share of the larger of the two values does follow the fit."""

METRIC_GAP = 0.05
"""Two metrics between 0 and 1 that differ by more on the same predictions cannot both be right."""

RUNAWAY = 0.0
"""A loss below this that keeps falling measures no distance any more: it runs to minus infinity.
A loss that may be negative (cosine similarity) is so in the twin, too."""

EPOCHS = 10
"""How many epochs are reported when the program makes too few or too many of them, or does not say."""

FEWEST_EPOCHS = 5
"""Fewer points are no curve."""

MOST_EPOCHS = 20
"""More points than this in a curve cost time and show nothing new."""

UPDATES = 400
"""Updates made when the program does not say: Adam at its default rate learns a small problem in so many."""

MOST_UPDATES = 400
"""Updates at most: what shows a plateau shows it by then, and larger models must finish, too."""

FEWEST_UPDATES = 50
"""A program that makes fewer is a sketch and no training; then it is as if it did not say how many."""

BATCH = 32
"""Samples in a mini-batch; Keras's own default."""

ASSUMED_FEATURES = 8
"""The size of an axis that the source does not tell."""

ASSUMED_STEPS = 12
"""The length of a time axis that is open or not known."""

ASSUMED_SIDE = 32
"""The height and width of an image that are open or not known."""

ASSUMED_VOCABULARY = 50
"""The number of tokens that the source does not tell."""

ASSUMED_RATE = 0.2
"""A dropout rate that the source does not tell."""
