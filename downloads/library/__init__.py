"""The operator's folders, walked and matched to episodes."""
