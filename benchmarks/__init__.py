"""How fast the product is, beside the leanest program that does the same: `python -m benchmarks` (make bench)."""
