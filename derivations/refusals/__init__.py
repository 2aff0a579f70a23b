"""Inputs that are not claims are refused here, with what to write instead.

claims         definitions, hypotheses and a case that fit together
expressions    malformed expressions; letters that only print like those of the series
hints          what is said of a claim that is not right and shows a usual slip
missing        definitions and hypotheses that a claim may lack
"""
