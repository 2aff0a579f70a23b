"""Formulas as text, both ways.

notation       how formulas are written, and what each part means
reading        a text as a formula, as an answer to a question
questions      what is asked: its free letters, its loss
aliases        what others call our letters
vocabulary     the words a text may use; what is said of a misspelt one; parameters
unreadable     what is said of a text that cannot be read
printing       an expression as text and as LaTeX
chains         a chain as text, Markdown and LaTeX; what it assumes
"""
