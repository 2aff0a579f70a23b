"""Two judges of a claim, which share formulas, letters and verdict, and nothing else.

verdict         what both are asked for: a mark, a sentence, a table
explanation     what a claim lacks, and the mistake that was made in it
counterexample  a point at which two formulas differ
for_every_n     a proof: both sides in one normal form
at_points       a comparison: both sides as numbers, at many points
"""
