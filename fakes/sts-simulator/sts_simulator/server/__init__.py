"""The same over HTTP, with the control interface; every other service goes to moto."""
