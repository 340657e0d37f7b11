"""Restorations, their renditions, uploads that become restorations, and what owners say."""

from pipeline.models.answers import Answer
from pipeline.models.feedback import Exhibit, Feedback, Reason
from pipeline.models.keys import SentKey, held_until
from pipeline.models.orders import Order
from pipeline.models.restoration_settings import RestorationSettings
from pipeline.models.restorations import Rendition, Restoration, expiry, new_token
from pipeline.models.strokes import Stroke
from pipeline.models.swatches import LabSwatch
from pipeline.models.tones import TonedPicture
from pipeline.models.uploads import Upload, UploadPart, patience
from pipeline.models.webhooks import Delivery, Webhook

__all__ = [
    "Answer",
    "Delivery",
    "Exhibit",
    "Feedback",
    "LabSwatch",
    "Order",
    "Reason",
    "Rendition",
    "Restoration",
    "RestorationSettings",
    "SentKey",
    "Stroke",
    "TonedPicture",
    "Upload",
    "UploadPart",
    "Webhook",
    "expiry",
    "held_until",
    "new_token",
    "patience",
]
