"""`/api/uploads`: what people send for their lists."""

from typing import Any, ClassVar, cast

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.facade import User
from core.api.permissions import SignedIn
from core.api.scopes import Scope
from core.api.views import View
from core.errors import PayloadTooLarge
from core.media.images import image_url
from lists.api.serializers.collection_social import CoverIn, CoverOut
from lists.api.serializers.collections import COVER_WIDTH
from lists.limits import COVERS
from lists.services.collection_covers import COVER_MAX_BYTES, cover_store

ENVELOPE = 256 * 1024  # bytes of a form around its picture


class ListCover(View):
    """A body with one picture: a larger one is refused before it is read."""

    access, scopes, limits = SignedIn, Scope.LISTS_WRITE, {"POST": (COVERS,)}
    parser_classes: ClassVar[Any] = (MultiPartParser,)
    also_answers = {"400": "Not a picture (`image_unreadable`), or one with too many pixels (`image_too_large`)"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if int(request.META.get("CONTENT_LENGTH") or 0) > COVER_MAX_BYTES + ENVELOPE:
            raise PayloadTooLarge()
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="list_cover_upload",
        tags=["Uploads"],
        request={"multipart/form-data": CoverIn},
        responses={201: CoverOut},
    )
    def post(self, request: Request) -> Response:
        """Send a cover: JPEG, PNG, WebP, AVIF or GIF, told by content; 413 past 5 MB. A collection takes its `id` as
        `cover_id`; a few that no collection shows are kept. The reference's path in its bucket is not ours: names are
        made of hashes by the image pipeline.
        """
        image = cover_store(user=cast(User, request.user), file=self.parse(CoverIn)["file"])
        url = image_url(image, width=COVER_WIDTH)
        found = {"id": image.pk, "url": url, "width": image.width, "height": image.height}
        return Response(CoverOut(found).data, status=201)
