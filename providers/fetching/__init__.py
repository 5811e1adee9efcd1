"""Reading pages of other sites: polite, paced, capped, remembered, counted."""
