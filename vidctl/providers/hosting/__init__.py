"""Put a picture where a service that makes clips can fetch it: on one host, or the next where that fails."""
