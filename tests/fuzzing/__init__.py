"""Any input for the simulator: what it may be, and what must hold whatever it is."""
