"""Faults to put into correct programs: one mutator for a rule, told by `injects`, a file for each family of rules.

A mutator says by its condition where its fault surely is one. What a model is (which layers are heads, which training
is a training) it asks of the correct program's own graph; what the labels are it never asks, since a correct program
says that by its loss: labels for `sparse_categorical_crossentropy` are class numbers. A place that keraslint does not
read as part of a model is so left out here; how much of that there is, strangers.py measures.
"""
