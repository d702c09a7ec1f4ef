"""What a person is told when a project cannot be priced."""


class PricingError(ValueError):
    """A sentence a planner understands: what is missing or impossible, and where."""
