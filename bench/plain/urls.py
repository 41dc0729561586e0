"""/reports/ and what is below it."""

from rest_framework.routers import DefaultRouter

from bench.plain.apis import ReportViewSet

router = DefaultRouter()
router.register("reports", ReportViewSet)
urlpatterns = router.urls
