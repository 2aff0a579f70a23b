"""Entries as matrices, the other way round from `notation`.

of_entries     the matrix expression of which a formula is an entry
of_chains      a chain in matrix form; each form is read back
"""
