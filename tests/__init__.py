"""Tests of all folders of the project.

Nothing of the engine judges what the engine says: `third` gives decimal numbers with a
bound on their error, for `oracle` (theorems at points of its own) and for `fuzzing`,
which looks for wrong verdicts.  The tables of cases that `rows` reads are text files.
"""
