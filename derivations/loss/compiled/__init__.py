"""A loss and its gradient as one program, the form that is computed on floats.

compiling    formulas as operations with their axes
logarithms   which logarithms are known without the number, and the ways to compute
operations   what each operation is in NumPy, on floats and on intervals
accuracy     the best of several programs, by their errors at points
"""
