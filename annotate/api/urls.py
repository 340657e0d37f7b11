"""REST addresses of the annotate room."""

from django.urls import path

from annotate import api, exchange_api

PHOTO = "photos/<uuid:photo_id>/"

urlpatterns = [
    path("photos/", api.PhotoList.as_view(), name="api_photos"),
    path(PHOTO, api.PhotoDetail.as_view(), name="api_photo"),
    path(f"{PHOTO}masks/", api.PhotoMasks.as_view(), name="api_photo_masks"),
    path(f"{PHOTO}files/<slug:kind>/", api.PhotoFile.as_view(), name="api_photo_file"),
    path("masks/import/", exchange_api.MaskImport.as_view(), name="api_masks_import"),
    path("masks/export/", exchange_api.MaskExport.as_view(), name="api_masks_export"),
    path("masks/<uuid:mask_id>/<slug:defect>.png", api.MaskFile.as_view(), name="api_mask_file"),
]
