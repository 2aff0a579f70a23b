"""The judge at points: both sides as numbers that carry a bound on their error.

samples        which points, and the judge
evaluation     what an expression means at concrete sizes
intervals      numbers with a bound on their own error, and derivatives of them
"""
