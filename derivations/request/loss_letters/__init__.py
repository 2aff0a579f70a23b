"""The letters of a loss in which a reader declares nothing.

parameters   the letters that nobody declared, and what they most likely are
signs        which numbers such a letter most likely stands for
doubts       what of a loss is asked about before it is read
suggestions  lines with other letters for a loss that cannot be read
"""
