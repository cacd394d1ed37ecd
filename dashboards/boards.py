# SPDX-License-Identifier: Apache-2.0
"""What the five dashboards show. make.py holds every expression against the metrics of weir and writes the JSON."""
from panels import (BLUE, BROKEN, GREEN, GREY, LOADED, READY, RECEIVES, RED, VERDICTS, YELLOW, YES_NO, annotation, list_variable, row, series, stat, states,
                    steps, table, text_variable)

S = 'stream=~"$stream"'
R = 'stream=~"$stream", rule=~"$rule"'
OF_JOB = 'job="$job"'
NOW = "[$__rate_interval]"
ALL = "[$__range]"
OK_IS_ONE = steps(RED, (0.95, YELLOW), (0.99, GREEN))
OK_IS_ZERO = steps(GREEN, (0.001, YELLOW), (0.01, RED))
AGE = steps(GREEN, (300, YELLOW), (900, RED))
FAILING = f"sum by (stream) (rate(weir_failing_records_total{{{S}}}{NOW}))"
RECORDS = f"sum by (stream) (rate(weir_records_total{{{S}}}{NOW}))"
FRESHNESS = f"time() - min by (stream) (weir_watermark_timestamp_seconds{{{S}}})"


def age(metric, by="stream", selector=S):
    return f"time() - max by ({by}) ({metric}{{{selector}}})"


def rate(metric, by="stream", selector=S):
    return f"sum by ({by}) (rate({metric}{{{selector}}}{NOW}))"


def over_range(metric, by="stream", selector=S):
    return f"sum by ({by}) (increase({metric}{{{selector}}}{ALL}))"


def in_step(metric, by="stream", selector=S):
    return f"sum by ({by}) (increase({metric}{{{selector}}}{NOW}))"


def parts(metric, by, selector=S):
    """Queries of a rate in all, which is there when nothing happens, too, and of the parts that are not 0."""
    labels = [label for label in by.split(", ") if label != "stream"]
    return ((rate(metric, "stream", selector), "{{stream}} in all"),
            (f"{rate(metric, by, selector)} > 0", "{{stream}} " + " ".join("{{" + label + "}}" for label in labels)))


def verdict(metric, selector=S, by="stream"):
    """The gravest of pass, warn and fail."""
    return f"max by ({by}) ({metric}{{{selector}}} <= 2)"


def score(**more):
    return stat("Quality score", "Mean over the rules of the share of what each judged lately that held. 100 %: every rule holds; red below 95 %, yellow "
                "below 99 %.", f"avg by (stream) (weir_quality_score{{{S}}})", "{{stream}}", unit="percentunit", limits=OK_IS_ONE, decimals=2, **more)


def score_of_week(before=""):
    return f"avg by (stream) (avg_over_time(weir_quality_score{{{S}}}[7d]{before}))"


def throughput(**more):
    return series("Records judged a second, and a day before",
                  "Volume day over day. Half of yesterday is a producer that lost something; twice as much is often one that sends twice.",
                  (RECORDS, "{{stream}}"),
                  (f"sum by (stream) (rate(weir_records_total{{{S}}}{NOW} offset 1d))", "{{stream}}, a day before"), unit="recps", least=0, **more)


def freshness(**more):
    return series("Freshness", "How far the newest data that is complete lies behind the clock. Grows while weir is behind (then lag grows too) or the "
                  "producer is silent (then it does not).", (FRESHNESS, "{{stream}}"), unit="s", least=0, line=steps(GREEN, (900, RED)), **more)


def lag(**more):
    return series("Lag", "Records that wait in the topic and are not judged yet.",
                  (f"sum by (stream, topic) (weir_consumer_lag_records{{{S}}})", "{{stream}} {{topic}}"), unit="short", least=0, **more)


OVERVIEW = [
    row("Now"),
    stat("Ready", "Whether every check of /readyz passes. NOT READY: the dashboard of the pipeline says which.",
         f"min by (stream) (weir_ready{{{S}}})", "{{stream}}", mappings=READY),
    stat("Rules of severity error", "Whether a rule of severity error failed in the last minutes, by a record or a window.",
         f"max by (stream) (sum by (stream, rule) (rate(weir_expectation_failures_total{{{S}, severity=\"error\"}}{NOW})) > bool 0)", "{{stream}}",
         mappings=BROKEN),
    stat("Windows", "The gravest verdict of any window rule over its newest window.", verdict("weir_window_status"), "{{stream}}",
         mappings=VERDICTS, empty="no window judged"),
    stat("Drift", "The gravest verdict of any drift rule over its newest window.", verdict("weir_drift_status"), "{{stream}}",
         mappings=VERDICTS, empty="no drift rule judged"),
    score(),
    stat("Records that fail", "Share of records that broke any rule, in the last minutes. Yellow from 0.1 %, red from 1 %.",
         f"{FAILING} / ({RECORDS} > 0)", "{{stream}}", unit="percentunit", limits=OK_IS_ZERO, decimals=2, empty="no records"),
    row("What is wrong, and since when"),
    table("Alerts that fire", "Alerts of deploy/prometheus/weir.rules.yml. The name leads to its runbook. Empty is good.",
          {"firing": 'max by (alertname, severity, stream, rule, check) (ALERTS{alertname=~"Weir.*", alertstate="firing", stream=~"$stream|"})'},
          width=12, hidden=("Value",), link=("alertname", "runbook", "${runbooks}/${__value.raw}.md"), sort="severity"),
    table("Windows and fields that do not pass", "Newest windows with another verdict than pass. `segment` is the part of the stream it is about.",
          {"verdict": " or ".join(f"{metric}{{{S}}} > 0 < 3 or {metric}{{{S}}} == 5" for metric in ("weir_window_status", "weir_drift_status"))},
          width=12, mappings={"verdict": VERDICTS},
          link=("rule", "the rule", "/d/weir-rules?var-rule=${__value.raw}&${stream:queryparam}&${datasource:queryparam}")),
    table("Rules that were broken", "How often, in the time that the dashboard shows: records, or windows of a window rule.",
          {"times broken": f"topk(20, {over_range('weir_expectation_failures_total', 'stream, rule, severity')} > 0)"}, width=12, sort="times broken",
          units={"times broken": "locale"},
          link=("rule", "the rule", "/d/weir-rules?var-rule=${__value.raw}&${stream:queryparam}&${datasource:queryparam}")),
    series("Records that fail, by rule", "Share of the records that a rule judged and that broke it: the ten worst.",
           (f"topk(10, {rate('weir_expectation_failures_total', 'stream, rule')} / ({rate('weir_expectation_evaluations_total', 'stream, rule')} > 0) > 0)",
            "{{stream}} {{rule}}"), unit="percentunit", least=0, height=9),
    row("Once a week"),
    stat("Quality score, 7 days", "Mean of seven days, with its line. Red below 95 %, yellow below 99 %.",
         f"avg by (stream) (weir_quality_score{{{S}}})", "{{stream}}", unit="percentunit", limits=OK_IS_ONE, decimals=2, trend="7d", width=6, height=6),
    stat("Quality score against the week before", "Mean of the last seven days less that of the seven before; 1 % is a hundredth of the score.",
         f"{score_of_week()} - {score_of_week(' offset 7d')}", "{{stream}}", unit="percentunit", decimals=2,
         limits=steps(RED, (-0.01, YELLOW), (0, GREEN)), empty="no week before", width=6, height=6),
    stat("Records, last day", "Judged in the last 24 hours.", f"sum by (stream) (increase(weir_records_total{{{S}}}[1d]))", "{{stream}}", decimals=1,
         limits=steps(BLUE), width=4, height=6),
    stat("Volume, day over day", "Records of the last 24 hours by those of the 24 before. Yellow outside of 80 to 125 %, red below half and above "
         "twice as many.", f"sum by (stream) (increase(weir_records_total{{{S}}}[1d])) / (sum by (stream) (increase(weir_records_total{{{S}}}[1d] offset 1d)) > 0)",
         "{{stream}}", unit="percentunit", decimals=0, limits=steps(RED, (0.5, YELLOW), (0.8, GREEN), (1.25, YELLOW), (2, RED)), empty="no day before",
         width=4, height=6),
    stat("Records that failed, 7 days", "Share of the records of seven days that broke any rule. Yellow from 0.1 %, red from 1 %.",
         f"sum by (stream) (increase(weir_failing_records_total{{{S}}}[7d])) / (sum by (stream) (increase(weir_records_total{{{S}}}[7d])) > 0)",
         "{{stream}}", unit="percentunit", limits=OK_IS_ZERO, decimals=2, empty="no records", width=4, height=6),
    row("Trend"),
    series("Quality score", "1 is best. The bands are those of the number above.", (f"avg by (stream) (weir_quality_score{{{S}}})", "{{stream}}"),
           unit="percentunit", most=1, line=steps(RED, (0.95, YELLOW), (0.99, GREEN)), decimals=2),
    series("Share of records that fail", "Records that broke any rule, each counted once.", (f"{FAILING} / ({RECORDS} > 0)", "{{stream}}"),
           unit="percentunit", least=0),
    throughput(), freshness(),
]

RULES = [
    row("Every rule"),
    table("Rules", "In the time that the dashboard shows. `left out`: by the condition of the rule, or as null.",
          {"judged": over_range("weir_expectation_evaluations_total", "stream, rule", R),
           "broken": over_range("weir_expectation_failures_total", "stream, rule", R),
           "share": f"{over_range('weir_expectation_failures_total', 'stream, rule', R)} / "
                    f"({over_range('weir_expectation_evaluations_total', 'stream, rule', R)} > 0)",
           "left out": over_range("weir_expectation_skipped_total", "stream, rule", R)},
          units={"judged": "locale", "broken": "locale", "share": "percentunit", "left out": "locale"}, limits={"share": OK_IS_ZERO}, sort="share",
          height=11),
    row("Records"),
    series("Share that fails, by rule", "Of the records that a rule judged. A step shows a release; a slope shows a fault that spreads.",
           (f"{rate('weir_expectation_failures_total', 'stream, rule', R)} / ({rate('weir_expectation_evaluations_total', 'stream, rule', R)} > 0)",
            "{{stream}} {{rule}}"), unit="percentunit", least=0),
    series("Failures a second", "Records, or windows of a window rule, that broke a rule.",
           *parts("weir_expectation_failures_total", "stream, rule, severity", R), unit="recps", least=0),
    series("Share left out, by rule", "By `when`, or as null. A jump means that a field went missing and the rule no longer looks.",
           (f"{rate('weir_expectation_skipped_total', 'stream, rule', R)} / ({rate('weir_expectation_skipped_total', 'stream, rule', R)} + "
            f"{rate('weir_expectation_evaluations_total', 'stream, rule', R)} > 0)", "{{stream}} {{rule}}"), unit="percentunit", least=0, most=1),
    series("Failing records, by what became of them", "By the strictest action of the rules that a record broke.",
           *parts("weir_failing_records_total", "stream, action"), unit="recps", least=0),
    row("Windows"),
    states("Verdicts on windows", "The newest verdict of each window rule and segment, over time.",
           f"max by (stream, rule, segment) (weir_window_status{{{R}}})", "{{rule}} {{segment}}", VERDICTS),
    series("What window rules measured", "Over the newest window; durations and times in seconds.",
           (f"max by (stream, rule, segment) (weir_window_value{{{R}}})", "{{rule}} {{segment}}")),
    series("Windows judged, by verdict", "In each step of the picture. `no_data` that grows: a stream or a segment went silent.",
           (f"sum by (stream, rule, verdict) (increase(weir_window_verdicts_total{{{R}}}{NOW})) > 0", "{{rule}} {{verdict}}"), least=0, stack=True),
    series("Age of the newest window", "Since its end. More than one length of a window and its lateness: windows are not judged.",
           (age("weir_window_end_timestamp_seconds", "stream, rule", R), "{{stream}} {{rule}}"), unit="s", least=0),
    series("Windows of which records are missing", "After a lost state, or a move between instances; such a window says `partial`.",
           (rate("weir_partial_windows_total"), "{{stream}}"), unit="eps", least=0),
]

BY_TEST = "stream, rule, field, test, segment"
TIMES = f"max by ({BY_TEST}) (weir_drift_score{{{R}}}) / (max by ({BY_TEST}) (weir_drift_tolerance{{{R}}}) > 0)"
DRIFT = [
    row("Now"),
    stat("Drift", "The gravest verdict of any drift rule over its newest window.", verdict("weir_drift_status", R), "{{stream}}", mappings=VERDICTS,
         empty="no drift rule judged"),
    stat("Fields that drift", "Fields, in any segment, whose newest window failed.", f"sum by (stream) (weir_drift_status{{{R}}} == bool 2)", "{{stream}}",
         limits=steps(GREEN, (1, RED))),
    stat("Fields that warn", "Fields, in any segment, whose newest window warned.", f"sum by (stream) (weir_drift_status{{{R}}} == bool 1)", "{{stream}}",
         limits=steps(GREEN, (1, YELLOW))),
    stat("Fields without a verdict", "No data, too little data, or an error: nothing watches these now.",
         f"sum by (stream) (weir_drift_status{{{R}}} >= bool 3)", "{{stream}}", limits=steps(GREEN, (1, YELLOW))),
    stat("Largest change", "In tolerances: above 1 a test is over what its rule allows.", f"max by (stream) ({TIMES})", "{{stream}}", unit="none", width=8,
         decimals=2, limits=steps(GREEN, (1, RED))),
    row("Which field, by which test"),
    states("Verdicts on fields", "The newest verdict of each drift rule, field and segment.",
           f"max by (stream, rule, field, segment) (weir_drift_status{{{R}}})", "{{rule}} {{field}} {{segment}}", VERDICTS),
    table("Tests over the newest window", "`times the tolerance` above 1: the change is larger than the rule allows.",
          {"times the tolerance": TIMES, "score": f"max by ({BY_TEST}) (weir_drift_score{{{R}}})",
           "tolerance": f"max by ({BY_TEST}) (weir_drift_tolerance{{{R}}})", "p-value": f"min by ({BY_TEST}) (weir_drift_p_value{{{R}}})"},
          units={"times the tolerance": "none", "score": "none", "tolerance": "none", "p-value": "none"},
          limits={"times the tolerance": steps(GREEN, (1, RED))}, sort="times the tolerance"),
    row("Over time"),
    series("Change in tolerances", "All tests on one scale: the dashed line at 1 is what each rule allows.", (TIMES, "{{rule}} {{field}} {{test}} {{segment}}"),
           unit="none", least=0, line=steps(GREEN, (1, RED)), height=9),
    series("Probability without drift", "p-values, over all tests of a window together. A large change with a large p-value is a small window.",
           (f"min by ({BY_TEST}) (weir_drift_p_value{{{R}}})", "{{rule}} {{field}} {{test}} {{segment}}"), unit="none", least=0, most=1, height=9),
]


def quantile(share):
    return f"histogram_quantile({share}, sum by (stream, le) (rate(weir_processing_delay_seconds_bucket{{{S}}}{NOW})))"


def troubles(by):
    """So many came in a step. A trouble of the start is counted before anything was read, which `increase` would not see."""
    now = f"sum by ({by}) (weir_troubles_total{{{S}}})"
    return f"clamp_min({now} - (sum by ({by}) (weir_troubles_total{{{S}}} offset $__rate_interval) or {now} * 0), 0)"


PIPELINE = [
    row("Now"),
    stat("Ready", "Whether every check of /readyz passes.", f"min by (stream) (weir_ready{{{S}}})", "{{stream}}", mappings=READY),
    stat("Freshness", "How far the newest data that is complete lies behind the clock. Yellow from 5 minutes, red from 15.", FRESHNESS, "{{stream}}",
         unit="s", limits=AGE),
    stat("Lag", "Records that wait in the topic.", f"sum by (stream) (weir_consumer_lag_records{{{S}}})", "{{stream}}"),
    stat("Rules", "Whether the last loading of the rules succeeded. NOT LOADED: those of before are in force.", "min(weir_config_last_reload_successful)",
         mappings=LOADED),
    stat("Rules loaded", "How long ago, with success.", "time() - max(weir_config_last_reload_success_timestamp_seconds)", unit="s"),
    stat("Up", "Since the youngest instance started.", 'time() - max(process_start_time_seconds{job="$job"})', unit="s"),
    row("Flow"),
    throughput(), freshness(), lag(),
    series("Delay", "From the Kafka timestamp of a record until it was judged. While a stream catches up it is the age of what it reads.",
           (quantile(0.5), "{{stream}} median"), (quantile(0.95), "{{stream}} 95 %"), (quantile(0.99), "{{stream}} 99 %"),
           (f"{rate('weir_processing_delay_seconds_sum')} / ({rate('weir_processing_delay_seconds_count')} > 0)", "{{stream}} mean"), unit="s", least=0),
    series("Partitions", "Assigned, and in what state. `paused`: waits for the quarantine. `partial`: windows miss records.",
           (f"sum by (stream, state) (weir_partitions{{{S}}})", "{{stream}} {{state}}"), least=0, decimals=0),
    series("Records by envelope", "What records stand in; removals, snapshots and notices among them.",
           (f"{rate('weir_envelope_records_total', 'stream, envelope')} > 0", "{{stream}} {{envelope}}"), unit="recps", least=0),
    row("Records that windows cannot use"),
    series("Late, without a time, of the future", "They are in no window. Without a time: the field is gone or has another format. Of the future: a "
           "producer's clock is ahead.", (rate("weir_late_records_total"), "{{stream}} late"), (rate("weir_untimed_records_total"), "{{stream}} without a time"),
           (rate("weir_future_records_total"), "{{stream}} of the future"), unit="recps", least=0),
    series("Messages that hold no record", "By why they cannot be read.",
           *parts("weir_decode_errors_total", "stream, kind"), unit="recps", least=0),
    row("Checks and troubles"),
    states("Checks of /readyz", "Each by itself.", f"min by (stream, check) (weir_ready{{{S}}})", "{{stream}} {{check}}", YES_NO),
    series("Troubles", "So many came in each step of the picture, by the event that the log names; docs/logs.md says what each means.",
           (troubles("stream"), "{{stream}} in all"), (f"{troubles('stream, event')} > 0", "{{stream}} {{event}}"), least=0, decimals=0),
    series("Rebalances", "Changes of the assignment. Again and again: an instance crashes and comes back.",
           (in_step("weir_rebalances_total"), "{{stream}}"), least=0),
    series("Since the loop of the stream came round", "More than ten seconds: it is stuck, or the machine stands still.",
           (age("weir_last_turn_timestamp_seconds"), "{{stream}}"), unit="s", least=0, line=steps(GREEN, (10, RED))),
    series("Judged and in no snapshot", "For how long: what would be judged again after a crash. Swings up to `snapshot_every`; what grows on is a state that "
           "cannot be saved.", (f"max by (stream) (weir_snapshot_age_seconds{{{S}}})", "{{stream}}"), unit="s", least=0, line=steps(GREEN, (60, RED))),
    row("What weir tells people itself"),
    series("Alerts of weir", "That fire, and of them those that maintenance holds. Those of Prometheus are on the overview.",
           (f"sum by (stream, severity) (weir_alerts_firing{{{S}}})", "{{stream}} {{severity}}"),
           (f"sum by (stream) (weir_alerts_silenced{{{S}}})", "{{stream}} silenced"), least=0, decimals=0),
    series("Messages to receivers", "In each step of the picture: those that were taken, and those that were not: the receiver was away, or refused.",
           (in_step("weir_alerts_sent_total", "receiver", OF_JOB), "{{receiver}}"),
           (f"{in_step('weir_alert_failures_total', 'receiver, reason', OF_JOB)} > 0", "{{receiver}} {{reason}}"), least=0),
    states("Receivers", "Whether each answered when it was told something last.", 'min by (receiver) (weir_alert_receiver_up{job="$job"})', "{{receiver}}",
           RECEIVES, width=12),
    series("Alerts that wait to be told", "That a receiver has not heard of as they are. More than a moment: it is away, or refuses.",
           ('sum by (receiver) (weir_alert_queue{job="$job"})', "{{receiver}}"), least=0, decimals=0),
    series("Lineage", "Events in each step of the picture, and those that wait. Only where lineage is told to somebody.",
           (f"sum by (result) (increase(weir_lineage_events_total{{{OF_JOB}}}{NOW}))", "{{result}}"),
           (f"sum(increase(weir_lineage_failures_total{{{OF_JOB}}}{NOW}))", "tried in vain"),
           (f"sum(weir_lineage_queue{{{OF_JOB}}})", "waiting"), least=0),
    row("State and memory"),
    series("Memory of windows, size of snapshots", "Bounded by segments, open windows and partitions.",
           (f"sum by (stream) (weir_window_memory_bytes{{{S}}})", "{{stream}} windows"), (f"sum by (stream) (weir_state_bytes{{{S}}})", "{{stream}} snapshots"),
           unit="bytes", least=0),
    series("Memory of the process", "Resident is what it takes of the machine; virtual grows without need.", ('process_resident_memory_bytes{job="$job"}', "{{instance}} resident"),
           ('process_virtual_memory_bytes{job="$job"}', "{{instance}} virtual"), unit="bytes", least=0),
    series("Processor", "A stream takes one core at most; at 1 it is the processor that it waits for.",
           (f'rate(process_cpu_seconds_total{{job="$job"}}{NOW})', "{{instance}}"), unit="none", least=0, decimals=2),
    series("Open files", "Of those that the process may open.", ('process_open_fds{job="$job"} / process_max_fds', "{{instance}}"), unit="percentunit", least=0),
    series("What found no place", "Segments judged as a part of __other__, updates of series that are not exported, alerts that could not begin: there are "
           "too many segments.",
           (rate("weir_segments_folded_total"), "{{stream}} segments"), (rate("weir_series_dropped_total"), "{{stream}} series"),
           (rate("weir_alerts_left_out_total"), "{{stream}} alerts"), unit="eps", least=0),
    table("What runs", "Versions by instance.", {"runs": 'max by (instance, version, librdkafka) (weir_build_info{job="$job"})'}, width=12,
          height=8, hidden=("Value",)),
    row("Schemas"),
    series("Schema changes", "Records of a topic went over to another schema, by who can read whom. `none`: neither old readers nor new ones.",
           (f"{in_step('weir_schema_changes_total', 'stream')}", "{{stream}} in all"),
           (f"{in_step('weir_schema_changes_total', 'stream, compatible')} > 0", "{{stream}} {{compatible}}"), least=0),
    series("Partitions that wait for a schema", "Not judged until the registry gives the schema of their next record.",
           (f"sum by (stream) (weir_schema_held_partitions{{{S}}})", "{{stream}}"), least=0, decimals=0),
    series("Calls of the registry", "Only where one is configured.", ("sum(rate(weir_schema_requests_total[$__rate_interval]))", "calls"),
           ("sum by (fault) (rate(weir_schema_request_failures_total[$__rate_interval]))", "without an answer: {{fault}}"),
           ("sum(rate(weir_schema_refused_total[$__rate_interval]))", "no such schema"), unit="reqps", least=0),
    series("Schemas", "Known, and asked for. Asked for without becoming known: the registry is away.", ("sum(weir_schemas_known)", "known"),
           ("sum(weir_schemas_wanted)", "asked for"), least=0, decimals=0),
]

ASIDE = rate("weir_quarantined_records_total", "stream, rule", R)
QUARANTINE = [
    row("Now"),
    stat("Records put aside", "Records that went to the quarantine in the time that the dashboard shows.",
         over_range("weir_failing_records_total", selector=f'{S}, action="quarantine"'), "{{stream}}", decimals=0, limits=steps(GREEN, (1, YELLOW))),
    stat("Share put aside", "Of all records, in the last minutes. Yellow from 0.1 %, red from 1 %.",
         f"sum by (stream) (rate(weir_failing_records_total{{{S}, action=\"quarantine\"}}{NOW})) / ({RECORDS} > 0)", "{{stream}}", unit="percentunit",
         limits=OK_IS_ZERO, decimals=2, empty="no records"),
    stat("Kept out", "Failing records over the limit of the quarantine: judged and counted, and written nowhere. They are still in the topic.",
         over_range("weir_quarantine_kept_out_total"), "{{stream}}", decimals=0, limits=steps(GREEN, (1, RED))),
    stat("The quarantine", "Whether it takes records: the check of that name in /readyz.",
         f"min by (stream) (weir_ready{{{S}, check=\"quarantine\"}})", "{{stream}}", mappings={0: ("TAKES NONE", RED), 1: ("takes records", GREEN)}),
    stat("The stream", "Paused: records wait until the quarantine takes them.", f"max by (stream) (weir_partitions{{{S}, state=\"paused\"}} > bool 0)",
         "{{stream}}", mappings={0: ("goes on", GREEN), 1: ("WAITS", RED)}),
    stat("On their way", "Records that were written and are not acknowledged.", f"sum by (stream) (weir_outgoing_records_waiting{{{S}}})", "{{stream}}",
         limits=steps(BLUE)),
    row("Which rule puts them there"),
    series("Put aside a second, by rule", "A record that broke two rules counts under both.", (ASIDE, "{{stream}} {{rule}}"), unit="recps", least=0,
           stack=True, width=16, height=10),
    table("By rule", "In the time that the dashboard shows.",
          {"records": f"{over_range('weir_quarantined_records_total', 'stream, rule', R)} > 0"}, width=8, height=10, sort="records",
          units={"records": "locale"}),
    row("What became of records that fail"),
    series("Failing records, by action", "`count` and `tag` go on with the stream, `drop` and `quarantine` do not.",
           *parts("weir_failing_records_total", "stream, action"), unit="recps", least=0),
    series("Kept out a second", "By `max_per_second` or `budget` of the quarantine, with `overflow: count`.",
           (rate("weir_quarantine_kept_out_total"), "{{stream}}"), unit="recps", least=0),
    series("Messages that hold no record", "They go to the quarantine as they are, by why they cannot be read.",
           *parts("weir_decode_errors_total", "stream, kind"), unit="recps", least=0),
    series("Partitions that wait", "For the quarantine to take records.", (f"sum by (stream) (weir_partitions{{{S}, state=\"paused\"}})", "{{stream}}"),
           least=0, decimals=0),
]

ANNOTATIONS = [
    annotation("Rules loaded", "changes(weir_config_last_reload_success_timestamp_seconds[2m]) > 0", "Rules loaded", "{{instance}}", "blue"),
    annotation("Rules not loaded", "weir_config_last_reload_successful == 0", "Rules did not load: those of before are in force", "{{instance}}", "red"),
    annotation("Schema changed", "increase(weir_schema_changes_total{stream=~\"$stream\"}[2m]) > 0", "Schema changed: {{compatible}}", "{{stream}}", "purple"),
    annotation("Started", "changes(process_start_time_seconds{job=\"$job\"}[2m]) > 0", "Started", "{{instance}}", GREY),
]

STREAM = list_variable("stream", "Stream", "weir_records_total", "", "As `name` of a stream in the configuration, or its topic.")
RULE = list_variable("rule", "Rule", "weir_expectation_evaluations_total", f"{{{S}}}", "Ids of rules.")
JOB = text_variable("job", "Job", "weir", "`job_name` under which Prometheus reads weir: for what is of the process.")
WEIR = text_variable("weir", "weir at", "http://localhost:8947", "The status page of weir, for the link at the top.")
RUNBOOKS = text_variable("runbooks", "Runbooks at", "https://example.com/weir/docs/runbooks", "Where docs/runbooks can be read.")

# uid -> title, what it is for, panels, variables
BOARDS = {
    "weir-overview": ("weir: overview", "Does the data hold, and if not, what is wrong and since when?", OVERVIEW, [STREAM]),
    "weir-rules": ("weir: rules", "Each rule: what it judged, what broke it, what windows came to.", RULES, [STREAM, RULE]),
    "weir-drift": ("weir: drift", "Which fields are distributed otherwise than in their reference, and by how much.", DRIFT, [STREAM, RULE]),
    "weir-pipeline": ("weir: pipeline health", "Is weir itself well, and does data come: freshness, lag, delay, volume, checks, memory, schemas.",
                      PIPELINE, [STREAM]),
    "weir-quarantine": ("weir: quarantine", "What was put aside, by which rule, and whether the quarantine takes it.", QUARANTINE, [STREAM, RULE]),
}
