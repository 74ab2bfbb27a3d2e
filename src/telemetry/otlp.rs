//! Spans and counters as OTLP/HTTP protobuf, both ways.
