"""What pylint needs to know of Keras and TensorFlow: small modules that stand for the large installed ones.

Only `teaching` imports astroid. Nothing of the two libraries is imported or run; of what is installed only the files
that list public names are read.
"""

from keraslint.brain.teaching import Lesson, begin, end

__all__ = ["Lesson", "begin", "end"]
