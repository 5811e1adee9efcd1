"""How an endpoint describes itself in OpenAPI: unique operation ids and the errors that every endpoint may answer."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    """drf-spectacular's inspector plus the problem document for errors."""

    def get_operation_id(self) -> str:
        words = [w for w in self.path.removeprefix("/api/v1/").replace("-", "_").split("/") if w]
        name = "_".join(w.strip("{}") if not w.startswith("{") else "by_" + w.strip("{}") for w in words)
        return f"{self.method.lower()}_{name or 'root'}"

    def get_description(self) -> str:  # type: ignore[override]  # AutoSchema and its base disagree about arguments
        """What the docstring says, and the scope that an API key needs."""
        words = super().get_description()
        scope = self._scope()
        return f"{words}\n\nAPI keys need the scope `{scope}`." if scope else words

    def _scope(self) -> str | None:
        scope_of = getattr(self.view, "scope_of", None)
        return scope_of(self.method) if scope_of else None

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        responses = super()._get_response_bodies(direction)
        problem = {"$ref": "#/components/schemas/Problem"}
        self.registry.register_on_missing(_problem_component(self.registry))
        for status, words in self._error_statuses().items():
            responses.setdefault(
                status, {"description": words, "content": {"application/problem+json": {"schema": problem}}}
            )
        return responses

    def _error_statuses(self) -> dict[str, str]:
        found = {"400": "Malformed request", "401": "Not signed in", "429": "Rate limited"}  # public ones: a dead token
        if "{" in self.path:
            found["404"] = "Not found"
        if self.method in ("POST", "PUT", "PATCH"):
            found.update({"413": "Too large", "415": "Unsupported media type", "422": "Validation failed"})
        else:
            found["422"] = "Validation failed"
        access = getattr(self.view, "access", None)
        permission = access.get(self.method) if isinstance(access, dict) else access
        if self._scope() or (permission is not None and permission.__name__ != "Public"):
            found["403"] = "Not allowed"
        found.update(getattr(self.view, "also_answers", {}))
        return found


def _problem_component(registry: Any) -> Any:
    from drf_spectacular.plumbing import ResolvedComponent

    return ResolvedComponent(
        name="Problem",
        type=ResolvedComponent.SCHEMA,
        object="Problem",
        schema={
            "type": "object",
            "description": "RFC 9457 problem document.",
            "required": ["type", "title", "status", "error"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "error": {"type": "string", "description": "Stable code, see docs/errors.md."},
                "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
                "request_id": {"type": "string"},
            },
        },
    )
