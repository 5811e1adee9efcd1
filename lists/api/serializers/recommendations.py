"""Shapes of recommendations."""

from rest_framework import serializers

from catalog.facade import CardOut


class RecommendationOut(CardOut):
    """An anime's card with what speaks for it."""

    recommendation_score = serializers.FloatField(help_text="Larger is better; 0 where it is only popular.")
    because = serializers.ListField(
        child=serializers.IntegerField(), help_text="Ids of anime on your list that speak for it; the strongest first."
    )
