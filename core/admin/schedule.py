"""Beat's schedule in the admin's own look."""

from django.contrib import admin
from django_celery_beat.admin import ClockedScheduleAdmin as StockClockedAdmin
from django_celery_beat.admin import CrontabScheduleAdmin as StockCrontabAdmin
from django_celery_beat.admin import PeriodicTaskAdmin as StockTaskAdmin
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

from core.admin.base import BaseAdmin

for model in (PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule):
    admin.site.unregister(model)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(StockTaskAdmin, BaseAdmin):
    list_display = ["name", "scheduler", "enabled", "last_run_at", "total_run_count"]


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(BaseAdmin):
    list_display = ["every", "period"]


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(StockCrontabAdmin, BaseAdmin):
    pass


@admin.register(ClockedSchedule)
class ClockedScheduleAdmin(StockClockedAdmin, BaseAdmin):
    pass


@admin.register(SolarSchedule)
class SolarScheduleAdmin(BaseAdmin):
    list_display = ["event", "latitude", "longitude"]
