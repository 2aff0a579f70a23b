"""Formulas as text, both ways.

reading        a text as an expression
tokens         characters and their bounds; what is said of a misspelt sign
vocabulary     the words that a text may use
printing       an expression as text and as LaTeX; chains
"""
