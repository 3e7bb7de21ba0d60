"""The example requests played through the public APIs, each by its script."""
