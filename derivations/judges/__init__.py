"""Two judges of a claim, which share formulas, letters and verdict, and nothing else.

verdict        what both are asked for, and the counterexample
for_every_n    a proof: both sides in one normal form
at_points      a comparison: both sides as numbers, at many points
"""
