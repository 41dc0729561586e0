"""What every REST operation shares: a declared verb and the viewer's transaction."""

from rest_framework.views import APIView

from reports import access


class BaseApi(APIView):
    """One operation. `verb` names what it needs; the handler runs in the viewer's own transaction."""

    verb: str

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        handler = getattr(self, request.method.lower(), self.http_method_not_allowed)

        def in_view(request, *args, **kwargs):
            with access.viewing(request.user):
                return handler(request, *args, **kwargs)

        setattr(self, request.method.lower(), in_view)
