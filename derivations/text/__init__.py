"""Formulas as text, both ways.

notation       how formulas are written, and what each part means
reading        a text as a formula, as an answer to a question
equations      the sides of an equation, and whether the left one asks the question
sentences      words around formulas: for all i, so, if i = j; a name on the left
questions      what is asked: its free letters, its loss, the definitions it needs
lectures       letters that a whole line uses otherwise than we do
vocabulary     the words a text may use; what is said of a misspelt one
names          letters that a reader declares, and what others call ours
unreadable     what is said of a text that cannot be read, and lines to take for it
printing       an expression as text and as LaTeX
unicode        an expression on one line, as a reader types it
matrices       entries and chains in matrix form, the other way round from notation
chains         a chain as text, Markdown and LaTeX; what it assumes
"""
