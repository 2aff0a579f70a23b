"""The letters of a loss in which a reader declares nothing.

parameters    the letters that nobody declared, and what they most likely are
signs         which numbers such a letter most likely stands for
meanings      a loss as it is read; a letter that may be another is asked about
networks      letters that mark a teacher and a student
free_indices  an index that no sum counts
suggestions   lines with other letters for a loss that cannot be read
"""
