"""How the ways to authenticate are described in OpenAPI."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class AccessTokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.AccessTokenAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class SiteSessionScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.SiteSessionAuthentication"
    name = "siteSession"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication_keys.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": "A key with scopes (POST /developer/keys). Every operation that takes one names its scope; elsewhere"
            " a key is refused with 403 `interactive_session_required`.",
        }

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]] | None:
        """None where the operation names no scope: no key will do there."""
        scope_of = getattr(auto_schema.view, "scope_of", None)
        scope = scope_of(auto_schema.method) if scope_of else None
        return {self.name: []} if scope else None
