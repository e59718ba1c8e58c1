"""The transparency report: what people decided, week by week, as counts."""
