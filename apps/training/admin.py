"""The training pages inside the admin: lists by unfold, forms and details by our own templates."""

import uuid
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from unfold.decorators import action, display

from apps.core.admin import RoleAdmin
from apps.core.models import User
from apps.core.views import row_number
from apps.demos.models import Demo
from apps.training import jobs, selectors
from apps.training.forms import DatasetForm, EvaluationForm, RunForm
from apps.training.models import Checkpoint, Dataset, Evaluation, Status, TrainingRun
from apps.training.services.transitions import settle, topic
from apps.training.trainers.config import parameters_of
from apps.training.trainers.hud.evaluation import BadEvaluation

STATUS_COLOURS = {
    Status.SUCCEEDED: "success",
    Status.RUNNING: "info",
    Status.FAILED: "danger",
    Status.ERRORED: "danger",
    Status.STOPPED: "warning",
}


class TrainingAdmin(RoleAdmin):
    """Rows that jobs make: nobody edits or deletes them by hand."""

    detail_template = ""
    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if hasattr(self.model, "status"):
            for row in self.model._default_manager.exclude(status__in=[s for s in Status if _over(s)]):
                settle(row)
        return super().changelist_view(request, extra_context)  # type: ignore[no-any-return]

    def page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        """One of our own pages inside the admin's frame."""
        common = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "has_permission": True}
        return TemplateResponse(request, f"training/{template}", {**common, **context})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.model, pk=row_number(object_id) or 0)
        context: dict[str, Any] = {"row": row}
        if hasattr(row, "status"):
            settle(row)
            context["topic"] = topic(row)
        return self.page(request, self.detail_template, str(row), **context, **self.details(row))

    def details(self, row: Any) -> dict[str, Any]:
        return {}

    @display(description="Status", label=STATUS_COLOURS)  # type: ignore[untyped-decorator]
    def state(self, row: Any) -> tuple[str, str]:
        return row.status, row.get_status_display()


def _over(status: Status) -> bool:
    return status not in (Status.QUEUED, Status.RUNNING)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@admin.register(Dataset)
class DatasetAdmin(TrainingAdmin):
    list_display = ("__str__", "state", "sample_count", "splits", "created_by", "created_at")
    list_filter = ("status",)
    search_fields = ("name",)
    detail_template = "dataset_detail.html"

    @admin.display(description="Splits")
    def splits(self, row: Dataset) -> str:
        return " · ".join(f"{name} {count}" for name, count in row.split_counts.items() if count) or "—"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        maps = sorted(set(Demo.objects.exclude(map_name="").values_list("map_name", flat=True)))
        form = DatasetForm(request.POST or None, maps=maps)
        if form.is_valid():
            data = form.cleaned_data
            filters = {name: data[name] for name in ("map_name", "val", "test", "seed") if data[name] not in (None, "")}
            row = jobs.enqueue_build(name=data["name"], filters=filters, user=_person(request), key=data["key"])
            return redirect("admin:training_dataset_change", row.pk)
        return self.page(request, "dataset_add.html", "Build a dataset", form=form, accepted=selectors.accepted_count())

    def details(self, row: Dataset) -> dict[str, Any]:
        charts = {
            "Map": row.balance.get("maps", {}),
            "Side": row.balance.get("sides", {}),
            "Phase": row.balance.get("phases", {}),
        }
        return {
            "charts": charts,
            "fields": row.balance.get("fields", {}),
            "runs": row.runs.all()[:20],
            "splits": row.split_counts.items(),
        }


@admin.register(TrainingRun)
class TrainingRunAdmin(TrainingAdmin):
    list_display = ("__str__", "state", "progress", "start_model", "preset", "message", "created_by", "created_at")
    list_filter = ("status", "method")
    list_select_related = ("dataset", "start", "created_by")
    detail_template = "run_detail.html"

    @admin.display(description="Step")
    def progress(self, row: TrainingRun) -> str:
        return f"{row.step} / {row.steps}"

    @admin.display(description="Start model")
    def start_model(self, row: TrainingRun) -> str:
        return str(row.start or "Embedded model")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        wanted = {name: request.GET[name] for name in ("dataset", "start", "method") if name in request.GET}
        form = RunForm(request.POST or None, initial=wanted)
        if form.is_valid():
            data = form.cleaned_data
            row = jobs.enqueue_run(
                method=data["method"],
                dataset=data["dataset"],
                start=data["start"],
                preset=data["preset"],
                parameters=data["parameters"],
                user=_person(request),
                key=data["key"],
            )
            return redirect("admin:training_trainingrun_change", row.pk)
        ready = selectors.ready_datasets().exists()
        return self.page(request, "run_add.html", "Launch a run", form=form, ready=ready)

    def details(self, row: TrainingRun) -> dict[str, Any]:
        return {
            "parameters": [(p.label, row.parameters.get(p.name, "–")) for p in parameters_of(row.method)],
            "evaluations": selectors.evaluations_of(row),
            "form_key": uuid.uuid4(),
        }


@admin.register(Checkpoint)
class CheckpointAdmin(TrainingAdmin):
    list_display = ("__str__", "method", "dataset", "megabytes", "digest", "created_at")
    list_select_related = ("run__dataset",)
    detail_template = "checkpoint_detail.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="Method")
    def method(self, row: Checkpoint) -> str:
        return row.run.get_method_display()

    @admin.display(description="Dataset")
    def dataset(self, row: Checkpoint) -> str:
        return str(row.run.dataset)

    @admin.display(description="Size")
    def megabytes(self, row: Checkpoint) -> str:
        return f"{row.size / 1e6:.1f} MB"

    @admin.display(description="Weights")
    def digest(self, row: Checkpoint) -> str:
        return row.sha256[:12]

    def details(self, row: Checkpoint) -> dict[str, Any]:
        return {
            "lineage": selectors.lineage(row)[1:],
            "evaluations": row.evaluations.select_related("dataset"),
            "continued": row.continued_by.all(),
        }


@admin.register(Evaluation)
class EvaluationAdmin(TrainingAdmin):
    list_display = ("__str__", "state", "sample_count", "gate", "exactly", "seen", "created_at")
    list_select_related = ("checkpoint__run", "dataset")
    detail_template = "evaluation_detail.html"
    actions_list = ("embedded",)

    @action(description="Embedded model", url_path="embedded")  # type: ignore[untyped-decorator]
    def embedded(self, request: HttpRequest) -> HttpResponse:
        """How well the embedded model reads HUDs, from what was measured into its folder."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        problem, found = "", None
        try:
            found = selectors.embedded_evaluation()
        except BadEvaluation as error:
            problem = str(error)
        context: dict[str, Any] = {"evaluation": found, "problem": problem}
        if found:
            context |= {
                "rows": selectors.field_rows(found),
                "sets": selectors.measured_sets(found),
                "is_measured": selectors.is_measured(found),
            }
        return self.page(request, "embedded.html", "Embedded model: reading the HUD", **context)

    @admin.display(description="Passes the gate")
    def gate(self, row: Evaluation) -> str:
        return "—" if row.gate_rate is None else f"{row.gate_rate:.0%}"

    @admin.display(description="Fields exact")
    def exactly(self, row: Evaluation) -> str:
        return "—" if row.exact is None else f"{row.exact:.1%}"

    @admin.display(description="Frames it was trained on")
    def seen(self, row: Evaluation) -> str:
        return str(row.seen_count) if row.seen_count else "none"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = EvaluationForm(request.POST or None, initial=self._wanted(request))
        if form.is_valid():
            data = form.cleaned_data
            row = jobs.enqueue_evaluation(
                checkpoint=data["checkpoint"],
                dataset=data["dataset"],
                split=data["split"],
                user=_person(request),
                key=data["key"],
            )
            return redirect("admin:training_evaluation_change", row.pk)
        ready = selectors.ready_datasets().exists()
        return self.page(request, "evaluation_add.html", "Evaluate a model", form=form, ready=ready)

    def _wanted(self, request: HttpRequest) -> dict[str, Any]:
        """The checkpoint asked for, the dataset it was trained on, and that dataset's most honest split."""
        checkpoint = Checkpoint.objects.filter(pk=row_number(request.GET.get("checkpoint")) or 0).first()
        if checkpoint is None:
            return {}
        dataset = checkpoint.run.dataset
        return {"checkpoint": checkpoint, "dataset": dataset, "split": next(iter(selectors.splits_of(dataset)), "val")}

    def details(self, row: Evaluation) -> dict[str, Any]:
        fields = sorted(row.fields.items(), key=lambda pair: -pair[1]["exact"])
        return {"fields": fields, "predictions": selectors.predictions(row)}
