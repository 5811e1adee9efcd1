"""Django REST framework as its tutorial leaves it: ModelSerializer, OFFSET pages, daphne, over Hiroba's own tables."""
