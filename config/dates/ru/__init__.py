"""How Russian writes dates: the formats here, the short names of months and weekdays in the catalogue beside them."""
