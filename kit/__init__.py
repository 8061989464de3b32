"""What students get: their own copies of the notebooks, without answers, and an archive of them."""
