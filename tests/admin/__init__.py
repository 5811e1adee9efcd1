"""The admin: pages, roles, actions."""
