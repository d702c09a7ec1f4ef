"""What the engine refuses to price."""


class EngineError(ValueError):
    """Something that cannot be priced, in a sentence a planner understands.

    field  name of the attribute at fault ("margin", "low", "draws"), so that a form can show the
           sentence beside it; None when no single field is at fault
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
