"""What the API says of the deletion of an account, and the code that confirms it."""

from rest_framework import serializers


class DeletionOut(serializers.Serializer):
    """Where it stands; times are null until they are known."""

    status = serializers.ChoiceField(choices=["none", "requested", "confirmed"])
    requested_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="When everything is erased unless it is cancelled.")


class DeletionConfirmIn(serializers.Serializer):
    """The code of the mail, as typed: any case, with or without the hyphen."""

    code = serializers.CharField(min_length=1, max_length=40)
