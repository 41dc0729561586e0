"""Template filters for rungs: in words, whatever the engine calls them."""

from django import template

from notifications.strength.labels import reader_label, rung_label

register = template.Library()
register.filter("rung", rung_label)
register.filter("reader", reader_label)
