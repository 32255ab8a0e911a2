"""The numbers by which `confirm` judges and sizes its trainings, each with its reason. No code, no Keras."""

CONSTANT_SPREAD = 1e-6
"""Outputs whose standard deviation over the inputs is no larger (relative to their size or 1) are constant:
about ten times the rounding of float32."""

VARYING_SPREAD = 1e-3
"""Outputs whose standard deviation over the inputs is at least this do depend on the input."""

MOVED = 1e-7
"""A weight moved when one of its elements changed by more: Adam's first step at the default rate is 1e-3, and
float32 rounds weights near 1 to 6e-8."""

ALIKE = 1e-4
"""Losses and weights that differ by no more (relative, or absolute below 1) in every epoch come from one and the
same training: float32 rounds another order of sums to about 1e-6 a step."""

LEARNED = 0.2
"""A model has learned when it has gone this share of the way from the best constant predictor to a perfect one."""

NO_BETTER = 0.05
"""A model that has gone no further than this is no better than a constant: what luck alone gives on a few hundred
samples."""

GAP = 0.1
"""Two models differ clearly when one has gone this share of the way further than the other: a tenth of what there
is to learn, not a ratio of two tiny losses."""

NOISE = 0.5
"""A gap says nothing when a change that is no cure makes one of this share of it, too."""

WORST = -1.0
"""A model with twice the error of the best constant is as bad as any: how much worse is chance."""

STAYED = 0.02
"""A model that went no further than this from where it began has stayed there."""

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

HELD_BACK = 256
"""Samples that no training sees, and by which both sides are scored: a share of right answers is known to 3 %."""

MANY_ANSWERS = 64
"""Answers that a sample asks for (a label for each pixel or step) are many from here on."""

HELD_BACK_OF_MANY = 64
"""Samples that are held back where each asks for many answers: thousands of answers, all the same."""

QUICK_MOMENTUM = 0.9
"""Of batch normalization: its statistics are those of the last ten or twenty batches. Keras's 0.99 needs hundreds."""

NEUTRAL_RATE = 0.7
"""The control twin trains at this share of the learning rate: a change that nobody would call a cure."""

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

FEWEST_UPDATES = 160
"""Updates at least, whatever the program makes: a sketch with 20 of them would show no difference to anything."""

BATCH = 32
"""Samples in a mini-batch; Keras's own default."""

WORTH_COLLECTING = 500_000
"""Weights of a model that is collected at once when it has served: looking for garbage takes a third of a second."""

STEPS_AT_ONCE = 16
"""Updates that TensorFlow makes in one call; the clock is looked at in between."""

SMALL_SAMPLE = 4_096
"""Elements of one sample up to which all that was held back is predicted at once."""

FEWEST_FITTED = 60
"""When time is short, trainings are cut down to no fewer updates than this; then seeds are left out."""

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
