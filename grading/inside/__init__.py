"""What runs beside the student's code, inside the sandbox.

Nothing here is secret and nothing it says is believed: the student's code shares its process and
may change all of it. It uses only the standard library, IPython and, if it is there, NumPy.
"""
