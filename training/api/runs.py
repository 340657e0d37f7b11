"""Runs for programs: begin, follow, read the curves, stop; and the snapshots they learn from."""

from typing import Any

from django.contrib.auth.models import User
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.web.permissions import HasRole
from config.web.strict_fields import Choice, Json, Text, Whole
from training import recipes, services
from training.api.versions import RunOut
from training.models import (
    DatasetSnapshot,
    Evaluation,
    ModelVersion,
    RunMetric,
    Stage,
    TrainingRun,
)
from training.recipes.changes import with_changes
from training.services.judging.measuring import of_unknown_origin
from training.views.forms import refuse_path

MOST_CHANGES = 60


class RunForm(serializers.Serializer[Any]):
    """What a run is asked to do."""

    stage = Choice(choices=Stage.choices)
    recipe = Text(max_length=60, help_text="A preset of the stage, such as lite.")
    snapshot = serializers.UUIDField()
    parent: Any = serializers.UUIDField(required=False, help_text="A version to start from.")
    seed = Whole(min_value=0, max_value=2**31 - 1, required=False, default=0)
    cards = Whole(min_value=1, max_value=1024, required=False)
    changes = serializers.ListField(
        child=Text(max_length=300),
        required=False,
        max_length=MOST_CHANGES,
        help_text="FIELD=VALUE, any choice of the recipe.",
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        stage = data["stage"]
        if data["recipe"] not in dict(recipes.choices(stage)):
            raise serializers.ValidationError({"recipe": f"{stage} has no such recipe."})
        data["snapshot"] = DatasetSnapshot.objects.filter(pk=data["snapshot"]).first()
        if data["snapshot"] is None:
            raise serializers.ValidationError({"snapshot": "There is no such snapshot."})
        if "parent" in data:
            rows = ModelVersion.objects.with_weights().filter(stage=stage)
            data["parent"] = rows.filter(pk=data["parent"]).first()
            if data["parent"] is None:
                raise serializers.ValidationError({"parent": "This stage has no such version."})
        data["recipe"] = self._recipe(data)
        return data

    def _recipe(self, data: dict[str, Any]) -> recipes.Recipe:
        lines = data.get("changes", [])
        try:
            for line in lines:
                refuse_path(line)
            start = ["encoder=null"] if data.get("parent") else []
            chosen = recipes.preset(data["stage"], data["recipe"])
            return with_changes(chosen, [*start, *lines], said_as="")
        except recipes.RecipeError as error:
            raise serializers.ValidationError({"changes": str(error)}) from error


class MetricOut(serializers.ModelSerializer[RunMetric]):
    class Meta:
        model = RunMetric
        fields = ["step", "epoch", "seconds", "split", "name", "value"]
        read_only_fields = fields


class SnapshotOut(serializers.ModelSerializer[DatasetSnapshot]):
    photos = serializers.IntegerField(read_only=True)
    held_out = serializers.IntegerField(read_only=True)
    masked = serializers.IntegerField(read_only=True)

    class Meta:
        model = DatasetSnapshot
        fields = ["id", "name", "digest", "seed", "photos", "held_out", "masked", "created_at"]
        read_only_fields = fields


class EvaluationOut(serializers.ModelSerializer[Evaluation]):
    trained_on_known = serializers.SerializerMethodField(
        help_text="False where the version shipped or came from a file."
    )

    class Meta:
        model = Evaluation
        fields = [
            "snapshot", "part", "pictures", "trained_on", "trained_on_known", "digest", "figures",
            "measured_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_trained_on_known(self, row: Evaluation) -> bool:
        return of_unknown_origin(row.version) != row.version


class Runs(generics.ListAPIView[TrainingRun]):
    """Every training run, newest first."""

    permission_classes = [HasRole]
    roles = ("admin",)
    parser_classes = [Json]
    serializer_class = RunOut
    queryset = TrainingRun.objects.select_related("job", "version")

    @extend_schema(request=RunForm, responses={201: RunOut})
    def post(self, request: Request) -> Response:
        """Queues a run. 409 where the snapshot has nothing for the stage."""
        form = RunForm(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        assert isinstance(request.user, User)  # noqa: S101  the role check let nobody else in
        run = services.train_later(
            recipe=given["recipe"],
            snapshot=given["snapshot"],
            parent=given.get("parent"),
            seed=given["seed"],
            cards=given.get("cards"),
            created_by=request.user,
        )
        return Response(RunOut(run).data, status=201)


class CancelRun(APIView):
    permission_classes = [HasRole]
    roles = ("admin",)

    @extend_schema(request=None, responses={202: OpenApiResponse(RunOut)})
    def post(self, request: Request, pk: str) -> Response:
        """Stops a run; it ends when its resume file is written. 409 when it has ended before."""
        run = get_object_or_404(TrainingRun.objects.select_related("job"), pk=pk)
        services.cancel_run(run)
        if run.job is not None:
            run.job.refresh_from_db()
        return Response(RunOut(run).data, status=202)


class Curves(generics.ListAPIView[RunMetric]):
    """A run's numbers, by step."""

    permission_classes = [HasRole]
    roles = ("admin",)
    serializer_class = MetricOut
    queryset = RunMetric.objects.none()

    def get_queryset(self) -> Any:
        run = get_object_or_404(TrainingRun, pk=self.kwargs["pk"])
        return run.metrics.order_by("step", "split", "name")


class Snapshots(generics.ListAPIView[DatasetSnapshot]):
    """Every snapshot with its counts, newest first."""

    permission_classes = [HasRole]
    roles = ("admin",)
    serializer_class = SnapshotOut
    queryset = DatasetSnapshot.objects.with_counts().order_by("-created_at", "pk")


class Snapshot(generics.RetrieveAPIView[DatasetSnapshot]):
    """One snapshot."""

    permission_classes = [HasRole]
    roles = ("admin",)
    serializer_class = SnapshotOut
    queryset = DatasetSnapshot.objects.with_counts()


class Evaluations(generics.ListAPIView[Evaluation]):
    """What a version was measured to be on snapshots, newest first."""

    permission_classes = [HasRole]
    roles = ("admin",)
    serializer_class = EvaluationOut
    queryset = Evaluation.objects.none()

    def get_queryset(self) -> Any:
        version = get_object_or_404(ModelVersion, pk=self.kwargs["pk"])
        return (
            version.evaluations.measured()
            .select_related("version__run")
            .order_by("-measured_at", "pk")
        )
