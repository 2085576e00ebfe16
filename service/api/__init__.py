"""The HTTP side: what comes in is checked, what goes out is encoded; nothing here reads Arabic."""
