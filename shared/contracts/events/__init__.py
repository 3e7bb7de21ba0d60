"""The events, one module per topic."""
