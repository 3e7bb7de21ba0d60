"""The campaign of faults: a seeded run of the real system under load, struck while people work, then checked.

`python -m faults --seeds 1-200`. What people were told stands in a ledger; the checker knows nothing
else of the services, and compares it with the databases, the topics and the trail.
"""
