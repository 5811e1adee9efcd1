"""`/admin/library/configuration`: what the operator has set, its backups, a preview of names."""

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from accounts.facade import User
from core.api.views import Response, View
from downloads.api.serializers.configuration import (
    BackupOut,
    ConfigurationIn,
    ConfigurationNowOut,
    ConfigurationOut,
    NamingPreviewOut,
    ValidatedOut,
    configuration_shown,
)
from downloads.api.views.downloads import PRIVATE, TAGS, Admin
from downloads.configuration.backups import (
    backup_create,
    backup_delete,
    backup_restore,
    backups_list,
    configuration_reset,
)
from downloads.configuration.changing import configuration_set, configuration_validate
from downloads.configuration.store import configuration, configuration_problem
from downloads.configuration.values import Configuration
from downloads.errors import ConfigurationInvalid
from downloads.placing.naming import template_preview
from downloads.placing.templates import FIELDS


def _actor(request: Request) -> User:
    return cast(User, request.user)


def _shown(values: Configuration) -> Response:
    return Response(configuration_shown(values), headers=PRIVATE)


class AdminConfiguration(View):
    access = Admin
    query = frozenset()

    @extend_schema(operation_id="admin_library_configuration_get", responses=ConfigurationNowOut, tags=TAGS)
    def get(self, request: Request) -> Response:
        """All settings as they are valid now."""
        shown = {**configuration_shown(configuration()), "problem": configuration_problem()}
        return Response(shown, headers=PRIVATE)

    @extend_schema(
        operation_id="admin_library_configuration_set", request=ConfigurationIn, responses=ConfigurationOut, tags=TAGS
    )
    def put(self, request: Request) -> Response:
        """Change the settings that are named; what was there is backed up before."""
        return _shown(configuration_set(_actor(request), cast(dict[str, Any], request.data)))


class AdminConfigurationValidate(View):
    access = Admin

    @extend_schema(
        operation_id="admin_library_configuration_validate",
        request=ConfigurationIn,
        responses=ValidatedOut,
        tags=TAGS,
    )
    def post(self, request: Request) -> Response:
        """Whether the settings could be changed so; nothing is changed. Every folder that is named is tried."""
        fields: dict[str, Any] = {}
        message = _("The configuration is valid.")
        try:
            configuration_validate(cast(dict[str, Any], request.data))
        except ConfigurationInvalid as error:
            fields, message = error.extra["fields"], str(error.detail or error.title)
            return Response({"valid": False, "message": message, "fields": fields}, headers=PRIVATE)
        return Response({"valid": True, "message": message, "fields": fields}, headers=PRIVATE)


class AdminConfigurationReset(View):
    access = Admin

    @extend_schema(
        operation_id="admin_library_configuration_reset", request=None, responses=ConfigurationOut, tags=TAGS
    )
    def post(self, request: Request) -> Response:
        """Begin anew with the defaults; what was there is kept as a backup, a damaged file is kept aside."""
        return _shown(configuration_reset(_actor(request)))


class AdminConfigurationPreview(View):
    access = Admin
    query = frozenset({"template"})

    @extend_schema(
        operation_id="admin_library_configuration_preview",
        parameters=[OpenApiParameter("template", str, description="The one that is set unless given.")],
        responses=NamingPreviewOut,
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """What files would be called: ordinary and odd ones."""
        template = request.query_params.get("template", configuration().naming_template)
        shown = {"template": template, "available": FIELDS, "examples": template_preview(template)}
        return Response(NamingPreviewOut(shown).data, headers=PRIVATE)


class AdminBackups(View):
    access = Admin
    query = frozenset()

    @extend_schema(operation_id="admin_library_backups_list", responses=BackupOut(many=True), tags=TAGS)
    def get(self, request: Request) -> Response:
        """All backups (a hundred at most), newest first."""
        return Response(BackupOut(backups_list(), many=True).data, headers=PRIVATE)

    @extend_schema(operation_id="admin_library_backups_create", request=None, responses={201: BackupOut}, tags=TAGS)
    def post(self, request: Request) -> Response:
        """Keep the present settings."""
        return Response(BackupOut(backup_create(_actor(request))).data, status=201, headers=PRIVATE)


class AdminBackup(View):
    access = Admin

    @extend_schema(operation_id="admin_library_backups_delete", responses={204: None}, tags=TAGS)
    def delete(self, request: Request, name: str) -> Response:
        """Delete a backup for good."""
        backup_delete(name, _actor(request))
        return Response(status=204)


class AdminBackupRestore(View):
    access = Admin

    @extend_schema(operation_id="admin_library_backups_restore", request=None, responses=ConfigurationOut, tags=TAGS)
    def post(self, request: Request, name: str) -> Response:
        """Make the settings what they were then; the present ones are backed up before."""
        return _shown(backup_restore(name, _actor(request)))
