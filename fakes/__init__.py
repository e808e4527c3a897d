"""What stands in for the real world: the simulator of STS, and the fakes in `world`."""
