"""Invented people and cases, told as steps through the services: the demo and the walkthroughs are both made of it."""
