"""The whole of the plain app's API: one ModelViewSet."""

from rest_framework import serializers, viewsets

from bench.plain.models import Report


class ReportSerializer(serializers.ModelSerializer):
    class Meta:
        model = Report
        fields = "__all__"


class ReportViewSet(viewsets.ModelViewSet):
    queryset = Report.objects.all()
    serializer_class = ReportSerializer
