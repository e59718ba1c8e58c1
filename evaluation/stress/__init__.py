"""`shoal stress`: a given rate, sent to a real Kafka on a fixed schedule; delay and loss held against thresholds."""
