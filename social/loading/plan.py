"""How much of everything a load has."""

from dataclasses import dataclass

PREFIX = "load_"
"""What the usernames of all loaded people begin with."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Numbers of rows at scale 1 (issue 5); `deepest_thread` comments are in the one busiest thread."""

    people: int = 20_000
    friends_of_first: int = 300
    friendships: int = 60_000
    follows: int = 40_000
    blocks: int = 2_000
    threads: int = 8_000
    comments: int = 500_000
    deepest_thread: int = 10_000
    votes: int = 1_000_000
    posts: int = 2_000
    notifications: int = 400_000
    feed_items: int = 600_000

    def scaled(self, scale: float) -> "Plan":
        """The same site, smaller or larger: each number at least what makes sense of it."""
        return Plan(
            people=max(20, round(self.people * scale)),
            friends_of_first=max(5, round(self.friends_of_first * min(1, scale))),
            **{
                name: max(10, round(getattr(self, name) * scale))
                for name in self.__slots__
                if name not in ("people", "friends_of_first")
            },
        )
