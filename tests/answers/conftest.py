"""The answers themselves are read, not imported."""

collect_ignore_glob = ["*/*.py", "__main__.py"]
