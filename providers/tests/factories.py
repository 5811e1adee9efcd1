"""Factories of provider rows, for the tests of this app."""

import factory

from providers import models


class ProviderFactory(factory.django.DjangoModelFactory):
    """A provider that is switched on, read by the `feed` adapter. `off=True` leaves it off."""

    class Meta:
        model = models.Provider

    class Params:
        off = factory.Trait(is_enabled=False)

    name = factory.Sequence(lambda n: f"provider-{n}")
    adapter = "feed"
    label = factory.LazyAttribute(lambda provider: provider.name.title())
    base_url = factory.LazyAttribute(lambda provider: f"https://{provider.name}.example.org")
    is_enabled = True
    interval_seconds = 0.1
    variant_kind = "sub"
    variant_language = "en"


class ProviderTitleFactory(factory.django.DjangoModelFactory):
    """A title of a provider, not matched; `anime=…, match_state=…` say what it is."""

    class Meta:
        model = models.ProviderTitle

    provider = factory.SubFactory(ProviderFactory)
    slug = factory.Sequence(lambda n: f"title-{n}")
    url = factory.LazyAttribute(lambda row: f"{row.provider.base_url}/anime/{row.slug}/")
    title = factory.Sequence(lambda n: f"Hoshi no Niwa {n}")


class ProviderEpisodeFactory(factory.django.DjangoModelFactory):
    """An episode of a provider's list; `first` and `last` are one number that counts up."""

    class Meta:
        model = models.ProviderEpisode

    title = factory.SubFactory(ProviderTitleFactory)
    first = factory.Sequence(lambda n: n + 1)
    last = factory.SelfAttribute("first")
    label = factory.LazyAttribute(lambda row: f"Episode {row.first}")
    url = factory.LazyAttribute(lambda row: f"{row.title.url}episode-{row.first}/")
