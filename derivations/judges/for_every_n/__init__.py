"""The judge for every n: the difference of both sides, in a normal form, cancels.

equality       the judge: is a claim proved for every n
derivatives    definitions put in, derivatives carried out
sums           the normal form of sums: deltas contracted, constants outside
nested_sums    the order of sums within each other
known_sums     one name for equal sums, and what a hypothesis says of them
powers         powers, exponentials and logarithms; products multiplied out
denominators   denominators in factors, and sums of sums below
fractions      rational functions of unknowns: is one 0, and its factors
"""
