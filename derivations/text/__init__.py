"""Formulas as text, both ways.

notation       how formulas are written, and what each part means
reading        a text as a formula, as an answer to a question
questions      what is asked: its free letters, its loss, the definitions it needs
repairs        lines to take in place of one that cannot be read
aliases        what others call our letters
domain         what stays as written, for its value is defined at more points
vocabulary     the words a text may use; what is said of a misspelt one
parameters     letters that a reader declares, with a sign or a range
unreadable     what is said of a text that cannot be read
printing       an expression as text and as LaTeX
unicode        an expression on one line, as a reader types it
matrices       entries as a matrix expression, the other way round from notation
chains         a chain as text, Markdown and LaTeX; what it assumes; its matrix form
"""
