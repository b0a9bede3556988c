"""Private data of people, shortened for whoever may not read it in full. Pure."""

SHOWN = 4
MASK = "*"


def masked(text: str) -> str:
    """The last four signs behind as many stars as were before them; nothing of a short text.

    Of a text no longer than eight signs nothing is told: its end would tell half of it.
    """
    plain = "".join(text.split())
    if len(plain) <= SHOWN * 2:
        return MASK * len(plain)
    return MASK * (len(plain) - SHOWN) + plain[-SHOWN:]
