"""Levers: parts of a scenario that change what people do, each at a cost of its own; one file a lever."""
