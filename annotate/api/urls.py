"""REST addresses of the annotate room."""

from django.urls import path

from annotate.api import import_export, photos

PHOTO = "photos/<uuid:photo_id>/"

urlpatterns = [
    path("photos/", photos.PhotoList.as_view(), name="api_photos"),
    path(PHOTO, photos.PhotoDetail.as_view(), name="api_photo"),
    path(f"{PHOTO}masks/", photos.PhotoMasks.as_view(), name="api_photo_masks"),
    path(f"{PHOTO}files/<slug:kind>/", photos.PhotoFile.as_view(), name="api_photo_file"),
    path("masks/import/", import_export.MaskImport.as_view(), name="api_masks_import"),
    path(
        "masks/imports/<uuid:import_id>/",
        import_export.ImportDetail.as_view(),
        name="api_mask_import",
    ),
    path("masks/export/", import_export.MaskExport.as_view(), name="api_masks_export"),
    path("masks/<uuid:mask_id>/<slug:defect>.png", photos.MaskFile.as_view(), name="api_mask_file"),
]
