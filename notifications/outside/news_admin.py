"""The page on which somebody has the events of their own cases told to another system, or no more."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from notifications.outside import news, selectors
from sapr import clock
from sapr.desk.acts import Acts
from sapr.desk.demo import zone_of
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, render


@page("case_work")
def told_systems(request: HttpRequest) -> HttpResponse:
    """The webhooks in use, and which of them gets the events of the viewer's cases."""
    viewer, now, here = request.user, clock.now(), reverse("admin:news")
    acts, rows = Acts(request, here), []
    for channel, own, taken in selectors.webhooks_for(viewer=viewer):
        row: dict[str, Any] = {"channel": channel, "own": own, "taken": taken}
        if own is not None:
            row["end"] = acts.add(
                "end",
                DeskForm,
                lambda given, own=own: news.news_end(actor=viewer, subscription_id=own.pk, at=now),
                _("It is ended. No event of your cases goes there any more."),
                thing=own.pk,
            )
        elif not taken:
            row["begin"] = acts.add(
                "begin",
                DeskForm,
                lambda given, channel=channel: news.news_begin(actor=viewer, channel_id=channel.pk, at=now),
                _("From now on the events of your cases go there, every hour."),
                thing=channel.pk,
            )
        rows.append(row)
    if (done := acts.run()) is not None:
        return done
    context = {"rows": rows, "zone": zone_of(viewer)}
    return render(request, "desk/news.html", _("Told systems"), context, status=acts.status)


urls = [path("told-systems/", told_systems, name="news")]
