"""Tests of all folders of the project.

Two references judge what the engine says: `oracle` gives values in float64, for
theorems and losses in numbers; `third` gives decimal numbers with a bound on their
error, for `fuzzing`, which looks for wrong verdicts.
"""
