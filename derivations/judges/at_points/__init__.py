"""The judge at points: both sides as numbers that carry a bound on their error.

comparison      the judge: both sides compared at many points, or a counterexample
first_points    a quick look: what differs there is wrong
usual_labels    a counterexample with one-hot labels, or others that are usual
samples         which points: sizes, choices of the indices, the numbers of the entries
negative_bases  powers whose base may be negative, and further points for them
numbers         an expression as a number at a point
evaluation      values that are kept, entries that are moved; a formula written out
meaning         what an expression says at concrete sizes, where definitions hold
intervals       interval arithmetic: numbers with a bound on their own error
dual_numbers    exact derivatives of numbers
"""
