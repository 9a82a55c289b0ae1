"""Values of options, read exactly: shares and numbers."""

from __future__ import annotations

from decimal import Decimal, DivisionByZero, InvalidOperation

import click


def share(
    context: click.Context | None, parameter: click.Parameter | None, value: str | None
) -> Decimal | None:
    """A share from 0 to 1, written ``0.7``, ``70%`` or ``2/3``; raises BadParameter."""
    if value is None:
        return None
    found = _number(value)
    if found is None or not 0 <= found <= 1:
        raise click.BadParameter(
            f"`{value}` is not a share from 0 to 1 (0.7, 70% or 2/3)", context, parameter
        )
    return found


def number(context: click.Context, parameter: click.Parameter, value: str | None) -> Decimal | None:
    """A number that is not negative, written ``10000``, ``10,000`` or ``0.5``; raises BadParameter."""
    if value is None:
        return None
    found = _number(value.replace(",", ""))
    if found is None or found < 0:
        raise click.BadParameter(f"`{value}` is not a number of at least 0", context, parameter)
    return found


def _number(text: str) -> Decimal | None:
    top, slash, bottom = text.strip().partition("/")
    try:
        if slash:
            found = Decimal(top) / Decimal(bottom)
        elif top.endswith("%"):
            found = Decimal(top[:-1]) / 100
        else:
            found = Decimal(top)
    except (InvalidOperation, DivisionByZero):
        return None
    return found if found.is_finite() else None
