"""A page of many small forms: each is one step, named by what it does and the one thing that it is about."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from sapr.desk.forms import DeskForm
from sapr.desk.pages import perform, status_of


class Acts:
    """The forms of one page. A POST says by `do` and `id` which it means; the others stay fresh."""

    def __init__(self, request: HttpRequest, here: str) -> None:
        self.request, self.here = request, here
        self._acts: list[tuple[DeskForm, Callable[[dict[str, Any]], object], str]] = []

    def add(
        self,
        do: str,
        form: type[DeskForm],
        action: Callable[[dict[str, Any]], object],
        said: str,
        *,
        thing: object = "",
        **given: Any,
    ) -> DeskForm:
        """A form of the page. `action` gets what was filled in; `said` is what its reader is told once it is done."""
        post, about = self.request.POST, str(thing)
        meant = self.request.method == "POST" and (post.get("do"), post.get("id", "")) == (do, about)
        made = form(post if meant else None, auto_id=f"id_{do}{about}_%s", **given)
        made.do, made.thing = do, about
        self._acts.append((made, action, said))
        return made

    def run(self) -> HttpResponse | None:
        """Do what was sent and lead back to the page; None when it is to be shown, with the reason if there is one."""
        for form, action, said in self._acts:
            if form.is_bound:
                return perform(
                    self.request, form, lambda form=form, action=action, said=said: self._done(form, action, said),
                    again=self.here,
                )  # fmt: skip
        if self.request.method == "POST":
            messages.error(self.request, "Choose one of the steps on this page.")
        return None

    def _done(self, form: DeskForm, action: Callable[[dict[str, Any]], object], said: str) -> HttpResponse:
        action({name: value for name, value in form.cleaned_data.items() if name != "once"})
        messages.success(self.request, said)
        return redirect(self.here)

    @property
    def status(self) -> int:
        """The status of the page as it is shown."""
        return max((status_of(form) for form, _, _ in self._acts), default=200)
