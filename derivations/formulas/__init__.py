"""What formulas are made of: the lowest room; it knows no letter of the series.

indices    indices and sums that know their size
binding    an expression at other indices, captured by no sum
claims     Definition, Hypothesis, Claim
counting   how long an expression is, before anything of it is computed
numbered   classes that are given by their number, and the sizes that have them
domain     where a formula is defined; what stays as it is written
facts      is an expression positive, at least 0, or not 0
ranges     ranges of numbers, and between which numbers an expression lies
told       letters of which more is known: a range, a total, from whom they differ
plain      expressions in plain symbols of known signs
corners    what is linear in entries of bounded ranges, and several sums as one
caching    results kept until `forget`
"""
