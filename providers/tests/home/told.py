"""What airs now as strangers see it, for the tests of this folder."""

from providers.selectors.home import HomeTitle, home_of


def home_titles() -> list[HomeTitle]:
    """The newest of each provider's list first."""
    return list(home_of().titles)
