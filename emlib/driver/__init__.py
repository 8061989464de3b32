"""What drives EM: the run, when it stops, leaps ahead of it, starts, restarts, criteria."""
