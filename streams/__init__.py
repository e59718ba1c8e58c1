"""Kafka and Faust: everything around the detector that talks to the world."""
