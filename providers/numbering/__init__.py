"""Which episode of ours a number at a provider is, and how our numbers stand at AniDB and TheTVDB."""
