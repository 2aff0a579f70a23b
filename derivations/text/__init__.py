"""Formulas as text, both ways.

reading        a text as an expression: its tree, sums, products, powers, names
calls          what is called in a text: functions, sums, derivatives, deltas
domain         what stays as written, for its value is defined at more points
bounds         numbers and powers that stay small and real
tokens         the characters of a text; what is said of a wrong character
vocabulary     the words a text may use; what is said of a misspelt one
parameters     letters that a reader declares, with a sign or a range
printing       an expression as text and as LaTeX
chains         a chain as text, Markdown and LaTeX; what it assumes
"""
