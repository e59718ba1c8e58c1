"""The dashboard of those who look at cases, and of those who look after them."""

from typing import Final

from panels import FIRING, Board, Panel, per_s, quantile

MODERATION: Final = Board(
    "shoal-moderation",
    "Shoal: moderation",
    "What was found, who waits, what was decided.",
    {
        "Now": (
            Panel(
                "Critical cases wait since",
                "Age of the oldest that nobody has decided.",
                "s",
                (('max(shoal_review_oldest_seconds{severity="critical"})', ""),),
                1_800,
                single=True,
            ),
            Panel(
                "Cases that wait",
                "All severities.",
                "short",
                (("max by (severity) (shoal_review_cases)", "{{severity}}"),),
                single=True,
            ),
            Panel(
                "Decisions today",
                "All kinds.",
                "short",
                (("sum(max by (action) (increase(shoal_decisions_total[1d])))", ""),),
                single=True,
            ),
            Panel(
                "Messages given up today",
                "Nobody was told by them. 0 also where no destination is set up.",
                "short",
                (('sum(max by (channel) (increase(shoal_notifications_total{outcome="dead"}[1d]))) or vector(0)', ""),),
                1,
                single=True,
            ),
        ),
        "Found": (
            Panel(
                "Alerts opened",
                "In an hour, by outcome; a burst is an attack, or traffic that is misread.",
                "short",
                (('sum by (outcome) (increase(shoal_alerts_total{state="opened"}[1h]))', "{{outcome}}"),),
            ),
            Panel(
                "Revisions",
                "All alerts that were told, by state.",
                "ops",
                ((per_s("shoal_alerts_total", "state"), "{{state}}"),),
            ),
            Panel(
                "Verdicts on topics",
                "In an hour.",
                "short",
                (("sum by (outcome) (increase(shoal_trend_verdicts_total[1h]))", "{{outcome}}"),),
            ),
            Panel(
                "Topics", "Held exactly, and bursting.", "short", (("max by (figure) (shoal_topics)", "{{figure}}"),)
            ),
        ),
        "Decided": (
            Panel(
                "Cases that wait",
                "Not decided, by severity.",
                "short",
                (("max by (severity) (shoal_review_cases)", "{{severity}}"),),
            ),
            Panel(
                "Oldest case",
                "By severity, since it was first told.",
                "s",
                (("max by (severity) (shoal_review_oldest_seconds)", "{{severity}}"),),
                1_800,
            ),
            Panel(
                "Decisions",
                "In an hour, by kind.",
                "short",
                (("max by (action) (increase(shoal_decisions_total[1h]))", "{{action}}"),),
            ),
            Panel(
                "On their way to the detector",
                "Decisions not yet on the topic.",
                "short",
                (("max(shoal_verdicts_waiting)", "decisions"),),
            ),
            Panel(
                "Oldest on its way",
                "For how long.",
                "s",
                (("max(shoal_verdicts_oldest_waiting_seconds)", "oldest"),),
                600,
            ),
        ),
        "Told": (
            Panel(
                "Messages",
                "Sent, failed (tried again) and dead (given up), in an hour.",
                "short",
                (("max by (channel, outcome) (increase(shoal_notifications_total[1h]))", "{{channel}} {{outcome}}"),),
            ),
            Panel(
                "Messages that wait",
                "Also for a digest, or for the end of quiet hours.",
                "short",
                (("max by (channel) (shoal_notifications_waiting)", "{{channel}}"),),
            ),
            Panel(
                "Oldest message",
                "For how long it waits.",
                "s",
                (("max(shoal_notifications_oldest_waiting_seconds)", "oldest"),),
            ),
        ),
        "The console": (
            Panel("Answers", "By status.", "ops", ((per_s("shoal_console_answers_total", "status"), "{{status}}"),)),
            Panel(
                "Time to answer",
                "Half, and 95 of 100.",
                "s",
                (
                    (quantile(0.5, "shoal_console_answer_seconds_bucket", "$__rate_interval"), "half"),
                    (quantile(0.95, "shoal_console_answer_seconds_bucket", "$__rate_interval"), "95 of 100"),
                ),
                1,
            ),
            FIRING,
        ),
    },
)
