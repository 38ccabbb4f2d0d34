"""The main window: its menus, its drops and its wiring."""
