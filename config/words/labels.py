"""Labels of forms without Django's colon, as templates write their own."""

from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString


class PlainlyLabelled(BoundField):
    def label_tag(
        self,
        contents: Any = None,
        attrs: Any = None,
        label_suffix: str | None = "",  # None, as the admin site says, is Django's colon
        tag: str | None = None,
    ) -> SafeString:
        return super().label_tag(contents, attrs, label_suffix, tag)


class PlainLabels(DjangoTemplates):
    bound_field_class = PlainlyLabelled
