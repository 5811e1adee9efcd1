"""Typed domain events: what travels up the house.

An event is a frozen dataclass. A lower app emits it inside its transaction; upper apps subscribe in their `apps.py`.
Subscribers run at once, in the order of subscription, inside that transaction: when one fails, nothing has happened.
"""

from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")
_subscribers: dict[type, list[Callable[[Any], None]]] = {}


def subscribe(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Decorator: call the function with every event of this type. Subscribing the same function twice counts once."""
    params = getattr(event_type, "__dataclass_params__", None)
    if not is_dataclass(event_type) or params is None or not params.frozen:
        raise TypeError(f"{event_type.__name__} is not a frozen dataclass")

    def decorator(function: Callable[[E], None]) -> Callable[[E], None]:
        handlers = _subscribers.setdefault(event_type, [])
        if function not in handlers:
            handlers.append(function)
        return function

    return decorator


def emit(event: object) -> None:
    """Hand `event` to its subscribers. The caller is inside `transaction.atomic()`; raises RuntimeError otherwise."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{type(event).__name__} was emitted outside of a transaction")
    for handler in tuple(_subscribers.get(type(event), ())):
        handler(event)


def subscribers(event_type: type) -> tuple[Callable[[Any], None], ...]:
    """Who listens to this type, in order."""
    return tuple(_subscribers.get(event_type, ()))
