"""Which anime a provider's title is: reading of names, an index of every name, scores, a decision with its reasons."""
