"""What formulas are made of: the lowest room; it knows no letter of the series.

indices    indices and sums that know their size
binding    an expression at other indices, captured by no sum
claims     Definition, Hypothesis, Claim
signs      what is known to be positive, or not 0
caching    results kept until `forget`
"""
