"""The judge for every n: the difference of both sides, in a normal form, cancels.

Each rewriting rule stands in the module named after what it rewrites.

equality       the judge: is a claim proved for every n
derivatives    definitions put in, derivatives carried out
shares         f(i)/Σ_k f(k), as the outputs of a softmax: letters whatever f is
sums           the normal form of sums: deltas contracted, constants outside
nested_sums    the order of nested sums
known_sums     one name for equal sums, and what hypotheses say of them and of entries
absolute       |x|, sign x and the larger of two, where signs are known
powers         rules for powers, exponentials, logarithms; products multiplied out
denominators   denominators in factors, and sums of sums below
fractions      rational functions of unknowns: is one 0, and its factors
unknowns       unknowns and their powers, and what is known of a root
"""
