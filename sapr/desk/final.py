"""Acts that cannot be taken back, each with the one sentence that says so where it is done.

A form names its act by `final`, a page by the tag of that name; where a page says it in words of its own, their
element carries the same mark, `data-final`. tests/desk/test_final.py holds every service against this: what can neither
be taken back nor added to has its mark.
"""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "sign": _("What is signed never changes, and an Unrestricted report never becomes Restricted."),
    "form": _("A signed form never changes. A correction is a further version beside it."),
    "release": _("What is released goes out at the slot that is drawn. You cannot call it back."),
    "correct": _(
        "What was read stays read: the corrected details go out beside it and cannot be called back."
    ),
    "disclose": _("What is disclosed cannot be taken back, and the victim is told of it."),
    "decide_exception": _("A decision stands. It cannot be changed afterwards."),
    "destroy": _("A kit that was destroyed is gone, and its certificate stands."),
    "close_account": _("A closed account stays closed."),
    "forget": _("What is forgotten is destroyed at once, for you too."),
    "end_webhook": _(
        "A webhook that was ended is never used again. For the same address a new one is registered."
    ),
}
