"""What a person is told when a project cannot be priced."""


class PricingError(ValueError):
    """A sentence a planner understands: what is missing or impossible, and where."""


class CatalogueError(Exception):
    """The reference catalogue cannot be used as asked, in a sentence that names the file or the figure."""
