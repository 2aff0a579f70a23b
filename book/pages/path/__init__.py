"""A path of small questions, each answered by a tap; questions.toml has them.

judging   every choice judged, when the book is built
picture   logits, outputs and slopes of three classes, as a table with bars
page      the questions as HTML
"""
