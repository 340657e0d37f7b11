"""What this room puts on an empty demo site."""


def install() -> None:
    """Nothing yet."""
