"""The judge for every n: the difference of both sides, in a normal form, cancels.

normal_form    derivatives, sums, and the judge
powers         powers, exponentials and logarithms
fractions      rational functions of unknowns: is one 0, and its factors
"""
