from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notices"

    def ready(self) -> None:
        from notifications import compose, previews
        from notifications.acknowledging import services as acknowledging
        from notifications.correcting import waiting
        from notifications.lateness import climbing
        from notifications.strength import wording
        from reports.obligations import hooks

        hooks.register(climbing.on_opened)
        hooks.register(compose.on_opened)
        hooks.register_ahead(compose.ahead)
        hooks.register_entered(climbing.on_entered)
        hooks.register_involved(compose.on_involved_changed)
        hooks.register_involved(acknowledging.on_involved_changed)
        hooks.register_contents(waiting.hold, waiting.on_contents_changed)
        hooks.register_preview(previews.told_by)
        hooks.register_minimal(wording.minimal_on)
