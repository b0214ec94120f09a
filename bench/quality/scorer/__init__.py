"""Figures that public evaluations of voice conversion use, one concern a module."""
