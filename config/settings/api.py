"""Django REST framework and the OpenAPI schema."""

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["core.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication_keys.ApiKeyAuthentication",
        "accounts.api.authentication.AccessTokenAuthentication",
        "accounts.api.authentication.SiteSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.DeniedUnlessDeclared"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.Schema",
    "EXCEPTION_HANDLER": "core.api.exceptions.problem_handler",
    "DEFAULT_PAGINATION_CLASS": None,
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.api.negotiation.JSONOnly",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": 0,
    "COERCE_DECIMAL_TO_STRING": False,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Hiroba API",
    "DESCRIPTION": "The native API of Hiroba. Errors are application/problem+json (RFC 9457) with a stable `error` code.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_NAME_OVERRIDES": {
        "AnimeTypeEnum": "catalog.models.AnimeKind",
        "TranslationKindEnum": "catalog.models.TranslationKind",
        "StatusEnum": "catalog.models.AnimeStatus.values",
        "RoleEnum": "accounts.roles.Role.values",
        "CircleEnum": "accounts.visibility.Visibility",
        "VisibilityEnum": "catalog.models.Visibility.values",
        "CollectionVisibilityEnum": "lists.models.CollectionVisibility.values",
        "CollectionReactionEnum": "lists.api.serializers.collection_social.REACTIONS",
        "EntryStatusEnum": "lists.models.EntryStatus.values",
        "ActivityKindEnum": "lists.models.ActivityKind.values",
        "ChangeSourceEnum": "lists.models.ChangeSource.values",
        "SourceEnum": "catalog.models.AnimeSource.values",
    },
}
