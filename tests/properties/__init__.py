"""The models of the three services driven together, at random, without a process: see `test_properties.py` in unit/."""
