"""What a trainer sets for a lesson: when it counts as done, when it opens, for whom.

Pure: no database, no clock. The rules are kept with the lesson as plain JSON and read here
without trusting it: what makes no sense is passed over, so that no learner is ever stuck
behind it. Publishing refuses it beforehand (courses/readiness.py).
"""
