"""The desk: Django's admin site with our own pages."""

from django.contrib import admin


class DeskSite(admin.AdminSite):
    site_header = "SAPR"
