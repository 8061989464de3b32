"""Pictures for the notebooks: a module for each of them, of the same name as its exercises.

A picture is a pure function of runs or plain numbers that returns a `Picture`; its text
alternative is written from the same numbers that are drawn.
"""
