"""Failures that the person at the keyboard can act upon."""


class Failure(Exception):
    """The command could not do its work; the message is a French sentence, the program ends with code 1."""
