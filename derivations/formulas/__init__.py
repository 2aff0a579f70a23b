"""What formulas are made of: the lowest room; it knows no letter of the series.

indices    indices and sums that know their size
binding    an expression at other indices, captured by no sum
claims     Definition, Hypothesis, Claim
counting   how long an expression is, before anything of it is computed
numbered   classes that are given by their number, and the sizes that have them
facts      what is known of a letter or an expression: is it positive, or not 0
ranges     ranges of numbers, and between which numbers an expression lies
caching    results kept until `forget`
"""
