"""The side that faces pylint, and alone imports it: the checker, and a pylint run for the command line."""
