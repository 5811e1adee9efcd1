"""What media servers tell: their payloads read into one shape, and matched with the catalogue."""
