"""A real Apache Kafka for the tests: its jars, one process of it, and the fixtures that lend it."""
