"""A text as a row of tokens: signs, words, layers and differentials.

characters     the signs of every script, as tokens
token_row      a row of tokens in the making
layers         layers and ends of sums above a letter
ratios         which d is a differential
words          runs of letters: names, functions, indices
"""
