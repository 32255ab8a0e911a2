"""Rules about training runs and what a program asks of Keras as a whole: ids 7880 to 7899."""
