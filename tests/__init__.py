"""The tests, and the readers and layouts they share."""
