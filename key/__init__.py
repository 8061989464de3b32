"""The answer key: right answers, mistakes and hidden cases, a module for each exercise.

It is the instructor's: students get `emlib.exercises`, cards that ``key.writing`` makes of it.
"""
