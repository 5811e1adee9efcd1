"""Files that are refused as a whole: nothing of them is stored."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class ListFileUnreadable(DomainError):
    """It is in no format that is known here, or broken; `detail` says what is wrong."""

    code = "list_file_unreadable"
    status = 422
    title = _("This file is no list that can be read")


class ListFileTooLarge(DomainError):
    """More bytes or more lines than are taken, packed or unpacked."""

    code = "list_file_too_large"
    status = 413
    title = _("This list is too large")


class ListFileUnsafe(DomainError):
    """XML with entities, or an archive that unpacks to far more than it is."""

    code = "list_file_unsafe"
    status = 422
    title = _("This file is built to do harm")
