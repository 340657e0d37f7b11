"""Versions and runs for scripts: read only, for admins."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers

from config.web.permissions import HasRole
from config.words.wall import for_programs
from training.models import ModelVersion, TrainingRun


class VersionOut(serializers.ModelSerializer):
    builtin = serializers.ChoiceField(
        ModelVersion.Builtin.choices,
        allow_blank=True,
        read_only=True,
        help_text="The rival without weights that it is; empty for a network.",
    )
    gate_passed = serializers.BooleanField(read_only=True)
    gate = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = [
            "id",
            "stage",
            "name",
            "origin",
            "builtin",
            "weights_sha256",
            "metrics",
            "gate_passed",
            "gate",
            "run",
            "created_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.JSONField())
    def get_gate(self, version: ModelVersion) -> Any:
        return for_programs(version.gate)


class VersionCardOut(VersionOut):
    card = serializers.SerializerMethodField()

    class Meta(VersionOut.Meta):
        fields = [*VersionOut.Meta.fields, "card"]
        read_only_fields = fields

    @extend_schema_field(serializers.JSONField())
    def get_card(self, version: ModelVersion) -> Any:
        return for_programs(version.card)


class RunOut(serializers.ModelSerializer):
    state = serializers.CharField(source="job.state", default="", read_only=True)
    progress = serializers.FloatField(source="job.progress", default=0.0, read_only=True)
    message = serializers.CharField(source="job.message", default="", read_only=True)
    error = serializers.CharField(source="job.error", default="", read_only=True)
    version = serializers.PrimaryKeyRelatedField[ModelVersion](read_only=True)

    class Meta:
        model = TrainingRun
        fields = [
            "id",
            "stage",
            "recipe_name",
            "recipe",
            "snapshot",
            "parent",
            "seed",
            "state",
            "progress",
            "message",
            "error",
            "version",
            "created_at",
        ]
        read_only_fields = fields


class Versions(generics.ListAPIView):
    """Every model version, newest first."""

    permission_classes = [HasRole]
    roles = ("admin",)
    serializer_class = VersionOut
    queryset = ModelVersion.objects.all()


class Version(generics.RetrieveAPIView):
    """One model version with its card."""

    permission_classes = [HasRole]
    roles = ("admin",)
    serializer_class = VersionCardOut
    queryset = ModelVersion.objects.all()


class Run(generics.RetrieveAPIView):
    """One training run and how far it is."""

    permission_classes = [HasRole]
    roles = ("admin",)
    serializer_class = RunOut
    queryset = TrainingRun.objects.select_related("job", "version")
