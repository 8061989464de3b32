"""What `em_speed.py` measures, and with what."""
