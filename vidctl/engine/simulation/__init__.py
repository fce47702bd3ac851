"""Production in simulated time: the real engine on a scratch database, in a world in which nothing takes long."""
