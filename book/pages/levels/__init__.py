"""The levels to derive oneself, as a page.

page   the map of the worlds, and of each level what a script shows
"""
