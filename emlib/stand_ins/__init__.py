"""What stands in, in a notebook, for a function that its reader has not written yet.

One module for each notebook, with functions that have the exercises' names, parameters and
results and call emlib's models.  They are no answers: an answer that calls emlib earns nothing.
"""
