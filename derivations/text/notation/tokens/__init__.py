"""A text as a row of tokens: signs, words, layers and differentials.

spellings      the signs of a formula, and how each is spelled
characters     the signs of every script, as tokens
token_row      a row of tokens in the making
layers         layers and ends of sums above a letter
ratios         which d is a differential
operators      signs that are written as words
words          runs of letters: names, functions, indices
pieces         runs of letters that are several names
phrases        what is said in words, before there are tokens
"""
