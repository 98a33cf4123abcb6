"""The proof sheet: one HTML file that shows every finding beside the crop it rests on."""

from service.report.sheet import SheetInput, render

__all__ = ["SheetInput", "render"]
