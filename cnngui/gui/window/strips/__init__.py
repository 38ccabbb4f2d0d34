"""The strips between the window and its status line."""
